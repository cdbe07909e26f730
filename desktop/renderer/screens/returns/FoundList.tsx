import type { FoundPurchase, FoundPurchases } from '../../../../shared/bridge.ts'
import { formatCard, formatKopecks, formatSigned } from '../../../../shared/numbers.ts'
import { useNow, useTexts } from '../../screen.ts'
import type { Texts } from '../../texts.ts'
import { Note } from '../../ui/Note.tsx'
import { whoOf } from '../Recent.tsx'

interface FoundListProps {
  /** Null: nothing was looked for yet. */
  found: FoundPurchases | null
  isSearching: boolean
  onChoose: (purchase: FoundPurchase) => void
}

export function FoundList({ found, isSearching, onChoose }: FoundListProps) {
  const { returns } = useTexts()
  return (
    <section className="returns-found" aria-live="polite" aria-busy={isSearching}>
      {isSearching && <p className="soft">{returns.searching}</p>}
      {found?.of === 'register' && <Note tone="warn">{returns.registerOnly}</Note>}
      {found?.purchases.length === 0 && <p className="soft">{returns.nothing}</p>}
      {found && found.purchases.length > 0 && (
        <ul className="parked">
          {found.purchases.map((purchase) => (
            <Row key={purchase.id} purchase={purchase} onChoose={() => onChoose(purchase)} />
          ))}
        </ul>
      )}
      {found?.hasMore && <p className="soft">{returns.more}</p>}
    </section>
  )
}

function Row({ purchase, onChoose }: { purchase: FoundPurchase; onChoose: () => void }) {
  const texts = useTexts()
  const { returns } = texts
  const who = whoOf(purchase, texts)
  const sum = formatKopecks(purchase.purchaseKopecks, texts.decimal)
  return (
    <li>
      <PurchaseFacts purchase={purchase} />
      {purchase.whole === null ? (
        <b className="chip calm">{returns.allReturned}</b>
      ) : (
        <button type="button" className="button" aria-label={returns.chooseOf(who, sum)} onClick={onChoose}>
          {returns.choose}
        </button>
      )}
    </li>
  )
}

/** A purchase: its customer, how much, when and where, and what its points were. */
export function PurchaseFacts({ purchase }: { purchase: FoundPurchase }) {
  const texts = useTexts()
  const now = useNow(60_000)
  const { purchaseKopecks, spent, earned } = purchase
  return (
    <div className="num">
      <p className="parked-what">
        <b>{`${whoOf(purchase, texts)} · ${formatKopecks(purchaseKopecks, texts.decimal)}`}</b>{' '}
        {spent > 0 && <span className="spent">{formatSigned(-spent)}</span>}{' '}
        <span className="earned">{formatSigned(earned)}</span>
      </p>
      <p className="soft">{detailsOf(purchase, texts, now).join(' · ')}</p>
    </div>
  )
}

function detailsOf(purchase: FoundPurchase, texts: Texts, now: number): string[] {
  const { at, register, receipt, card, firstName, refundedKopecks, whole } = purchase
  const { returns, recent } = texts
  return [
    texts.moment(at, now),
    register ?? returns.thisTill,
    ...(firstName === null ? [] : [recent.card(formatCard(card))]),
    ...(receipt === null ? [] : [returns.receiptOf(receipt)]),
    ...(refundedKopecks > 0 && whole !== null
      ? [returns.partReturned(formatKopecks(refundedKopecks, texts.decimal))]
      : []),
  ]
}
