import type { KnownCustomer } from '../../../shared/bridge.ts'
import { lastDayOf } from '../../../shared/lastDay.ts'
import { formatCard, formatWhole } from '../../../shared/numbers.ts'
import { DAY } from '../../../shared/time.ts'
import { useNow, useSnapshot, useTexts } from '../screen.ts'
import { Note } from './Note.tsx'
import './customerCard.css'

const SOON_MS = 7 * DAY

/** The customer, what they can spend, what of it dies next, and what they can spend later. */
export function CustomerCard({ customer }: { customer: KnownCustomer }) {
  const texts = useTexts()
  const now = useNow(60_000)
  const timeZone = useSnapshot((snapshot) => snapshot.timeZone)
  const { card, firstName, available, debt, expiresNext, waiting, source, asOf, replaced } = customer
  const expiresAt = expiresNext && Date.parse(expiresNext.at)
  return (
    <>
      <section className="card customer">
        <div className="customer-who">
          <div className="customer-face" aria-hidden="true">
            {firstName ? [...firstName][0] : <span className="num">{card.slice(-2)}</span>}
          </div>
          <div>
            <h2 className="customer-name">{firstName ?? texts.customer.unknown}</h2>
            <p className="label num">{texts.customer.card(formatCard(card))}</p>
          </div>
        </div>
        <p className={available === null ? 'customer-balance num soft' : 'customer-balance num'}>
          {available === null ? '—' : formatWhole(available)}
        </p>
        <p className="label">
          {available === null
            ? texts.customer.balanceUnknown
            : source === 'copy' && asOf !== null
              ? texts.customer.availableAsOf(available, texts.moment(asOf, now))
              : texts.customer.available(available)}
        </p>
      </section>
      {replaced !== undefined && (
        <Note tone="calm">{texts.customer.replaced(formatCard(replaced), formatCard(card))}</Note>
      )}
      {debt > 0 && <Note tone="warn">{texts.customer.debt(debt)}</Note>}
      {expiresNext && expiresAt !== null && (
        <Note tone={expiresAt - now < SOON_MS ? 'warn' : 'calm'}>
          {texts.customer.expires(expiresNext.points, lastDayOf(expiresAt, timeZone))}
        </Note>
      )}
      {waiting && <Note tone="calm">{texts.customer.waiting(waiting.points, Date.parse(waiting.from))}</Note>}
    </>
  )
}
