import type { MergeShown } from '../../../shared/bridge.ts'
import { formatCard } from '../../../shared/numbers.ts'
import { sentencesOfMerge } from '../failure.ts'
import { useScreen, useSnapshot, useTexts } from '../screen.ts'
import { Note } from './Note.tsx'

/** Two cards were shown: whether they are one person's, beside a sale that goes on whatever is answered. */
export function MergeNote({ merge }: { merge: MergeShown }) {
  const texts = useTexts()
  const support = useSnapshot((snapshot) => snapshot.supportContact)
  switch (merge.state) {
    case 'offered':
      return <Question merge={merge} />
    case 'asked':
      return <Note tone="calm">{texts.merge.asked}</Note>
    case 'queued':
      return <Note tone="calm">{texts.merge.queued}</Note>
    case 'done':
      return <Note tone="calm">{texts.merge.done(formatCard(merge.otherCard))}</Note>
    case 'refused': {
      const { what, next } = sentencesOfMerge(merge, texts, support)
      return <Note tone="warn">{`${what}. ${next}`}</Note>
    }
  }
}

function Question({ merge: { card, otherCard } }: { merge: MergeShown }) {
  const screen = useScreen()
  const { merge: texts } = useTexts()
  const cards = { card, otherCard }
  return (
    <Note tone="calm">
      <p>
        <b>{texts.question}</b> {texts.explained(formatCard(card), formatCard(otherCard))}
      </p>
      <div className="note-buttons">
        <button type="button" className="button" onClick={() => screen.ask((api) => api.merge(cards))}>
          {texts.yes}
        </button>
        <button type="button" className="button" onClick={() => screen.ask((api) => api.keepApart(cards))}>
          {texts.no}
        </button>
      </div>
    </Note>
  )
}
