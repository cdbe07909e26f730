import { useState } from 'react'
import type { RecentOperation } from '../../../shared/bridge.ts'
import { formatCard, formatKopecks, formatSigned } from '../../../shared/numbers.ts'
import { useScreen, useSnapshot, useTexts } from '../screen.ts'
import type { Texts } from '../texts.ts'
import { Icon } from '../ui/Icon.tsx'
import { UndoDialog } from './UndoDialog.tsx'

/** Folded, unless the settings say otherwise: names and sums are not for who looks over the counter. */
export function Recent() {
  const texts = useTexts()
  const screen = useScreen()
  const recent = useSnapshot((snapshot) => snapshot.recent)
  const showsRecent = useSnapshot(({ preferences }) => preferences.showsRecent)
  const canJoin = useSnapshot(({ joinUrl }) => joinUrl !== null)
  const [isOpen, setOpen] = useState(showsRecent)
  const [undone, setUndone] = useState<RecentOperation | null>(null)
  return (
    <section className="card recent">
      <div className="recent-head">
        <h2>
          {recent.length === 0 ? (
            texts.firstSale.title
          ) : (
            <button type="button" className="fold" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
              {texts.recent.title}
              <Icon name={isOpen ? 'fold' : 'unfold'} />
            </button>
          )}
        </h2>
        <div className="recent-doors">
          {canJoin && (
            <button type="button" className="button link" onClick={() => screen.show('join')}>
              {texts.join.door}
              <kbd>F6</kbd>
            </button>
          )}
          <button type="button" className="button link" onClick={() => screen.show('returns')}>
            {texts.returns.open}
            <kbd>F4</kbd>
          </button>
        </div>
      </div>
      {recent.length === 0 && <FirstSale />}
      {recent.length > 0 && !isOpen && <p className="soft recent-folded">{texts.recent.folded}</p>}
      {recent.length > 0 && isOpen && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must scroll by keyboard too
        <ul tabIndex={0} aria-label={texts.recent.title}>
          {recent.map((operation) => (
            <Row key={operation.id} operation={operation} onUndo={() => setUndone(operation)} />
          ))}
        </ul>
      )}
      {undone && <UndoDialog operation={undone} onClose={() => setUndone(null)} />}
    </section>
  )
}

/** Before the first sale: what has to happen until everything is known to work, and what of it has. */
function FirstSale() {
  const { firstSale } = useTexts()
  const { exchange, is1cHeard, cloud } = useSnapshot((snapshot) => snapshot)
  const steps: [string, boolean][] = [
    [firstSale.cloud, cloud.line === 'online'],
    [firstSale.folder, exchange.state === 'ok' || exchange.state === 'alert'],
    [firstSale.oneC, is1cHeard],
    [firstSale.receipt, false],
  ]
  return (
    <ol className="first-sale" aria-label={firstSale.title}>
      {steps.map(([name, isDone]) => (
        <li key={name} data-done={isDone}>
          <span className="first-sale-mark">{isDone && <Icon name="check" />}</span>
          {name}
          <span className="unseen">{isDone ? firstSale.done : firstSale.notYet}</span>
        </li>
      ))}
    </ol>
  )
}

function Row({ operation, onUndo }: { operation: RecentOperation; onUndo: () => void }) {
  const texts = useTexts()
  const { at, purchaseKopecks, spent, earned, refund, isPartly, state, isRefundable } = operation
  const who = whoOf(operation, texts)
  const sum = formatKopecks(purchaseKopecks, texts.decimal)
  const mark = markOf(operation, texts)
  return (
    <li data-refund={isPartly ? 'part' : refund} data-state={state}>
      <span className="recent-what num">
        <span className="recent-who">{`${who} · ${sum}`}</span>
        <span className="recent-mark">
          <span>{texts.time(at)}</span> · <b className={mark.tone}>{mark.text}</b>
        </span>
      </span>
      <span className="recent-points num">
        {spent > 0 && <span className="spent">{formatSigned(-spent)}</span>}
        <span className="earned">{formatSigned(earned)}</span>
      </span>
      {isRefundable && (
        <button
          type="button"
          className="button link"
          aria-label={texts.recent.undoOf(who, sum)}
          onClick={onUndo}
        >
          {texts.recent.undo}
        </button>
      )}
    </li>
  )
}

export function whoOf(
  { firstName, card }: Pick<RecentOperation, 'firstName' | 'card'>,
  texts: Texts,
): string {
  return firstName ?? texts.recent.card(formatCard(card))
}

/** What is true of the row: only what the ledger has accepted is said to be done. */
function markOf(
  { state, refund, isPartly }: RecentOperation,
  { recent }: Texts,
): { text: string; tone: 'soft' | 'good' | 'warn' | 'bad' } {
  if (refund !== 'none') {
    const words = isPartly ? recent.partRefunds : recent.refunds
    return { text: words[refund], tone: refund === 'done' ? 'soft' : TONES[refund] }
  }
  return { text: recent.states[state], tone: TONES[state] }
}

const TONES = { done: 'good', waiting: 'warn', open: 'warn', parked: 'bad', handed_over: 'soft' } as const
