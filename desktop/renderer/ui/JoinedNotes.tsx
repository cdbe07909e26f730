import type { JoinedCustomer } from '../../../shared/bridge.ts'
import { formatCard } from '../../../shared/numbers.ts'
import { useScreen, useSnapshot, useTexts } from '../screen.ts'
import { Note } from './Note.tsx'

/** More would push the amount off the screen; the next ones follow when these are opened or hidden. */
const SHOWN = 2

/** Customers who joined at this till a moment ago: one tap serves them. */
export function JoinedNotes() {
  const joined = useSnapshot((snapshot) => snapshot.joined)
  return joined.slice(0, SHOWN).map((customer) => <JoinedNote key={customer.card} customer={customer} />)
}

function JoinedNote({ customer: { card, firstName } }: { customer: JoinedCustomer }) {
  const screen = useScreen()
  const { join: texts, common } = useTexts()
  return (
    <Note tone="calm">
      <p role="status">{texts.joined(firstName, formatCard(card))}</p>
      <div className="note-buttons">
        <button type="button" className="button" onClick={() => screen.findCustomer(card)}>
          {texts.open}
        </button>
        <button
          type="button"
          className="button"
          onClick={() => screen.ask((api) => api.hideJoined({ card }))}
        >
          {common.hide}
        </button>
      </div>
    </Note>
  )
}
