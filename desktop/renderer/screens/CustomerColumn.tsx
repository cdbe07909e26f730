import type { KnownCustomer, StatusShown } from '../../../shared/bridge.ts'
import { useScreen, useSnapshot, useTexts } from '../screen.ts'
import { CustomerCard } from '../ui/CustomerCard.tsx'
import { MergeNote } from '../ui/MergeNote.tsx'
import { StatusLine } from '../ui/StatusLine.tsx'

/** The left side while a customer is there, with the way back to the next one. */
export function CustomerColumn({
  customer,
  status = null,
}: {
  customer: KnownCustomer
  status?: StatusShown | null
}) {
  const screen = useScreen()
  const texts = useTexts()
  const merge = useSnapshot((snapshot) => snapshot.merge)
  return (
    <div className="column">
      <CustomerCard customer={customer} />
      {status && <StatusLine status={status} />}
      {merge && <MergeNote merge={merge} />}
      <div className="spring" />
      <button type="button" className="button wide" onClick={() => screen.ask((api) => api.cancel({}))}>
        {texts.customer.other}
        <kbd>Esc</kbd>
      </button>
    </div>
  )
}
