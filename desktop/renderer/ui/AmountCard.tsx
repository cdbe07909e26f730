import type { ReactNode } from 'react'
import { known } from '../../../shared/known.ts'
import { useSnapshot, useTexts } from '../screen.ts'
import { Money } from './Money.tsx'
import './amountCard.css'

/** The sale's amount, or what keeps it away; the same height in every case. */
export function AmountCard({ children }: { children?: ReactNode }) {
  const texts = useTexts()
  const sale = useSnapshot((snapshot) => snapshot.sale)
  const isNew = useSnapshot((snapshot) => snapshot.isAmountNew)
  const { state, problem } = useSnapshot((snapshot) => snapshot.exchange)
  const explained = problem && (texts.exchangeProblems[problem] ?? texts.exchangeProblem(problem))
  const isHeard = state === 'ok' || state === 'unwritable'
  const label = sale?.source === 'typed' ? texts.amount.typed : texts.amount.from1c
  return (
    <section className="card amount-card" data-new={isNew}>
      <div className="amount-label label">
        <span>{label}</span>
        {sale?.receipt && <span className="amount-receipt">{texts.amount.receipt(sale.receipt)}</span>}
        {isNew && <b className="chip warn">{texts.amount.changed}</b>}
      </div>
      <div className="amount-value">
        {sale ? (
          <Money key={sale.purchaseKopecks} kopecks={sale.purchaseKopecks} />
        ) : (
          <span className={isHeard ? 'amount-waiting' : 'amount-waiting bad'}>
            {isHeard
              ? texts.amount.waiting
              : (explained ?? known(texts.header.exchange, state) ?? texts.header.exchange.alert)}
          </span>
        )}
        {children}
      </div>
    </section>
  )
}
