import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { Customer as Read } from '../../../../shared/console/customers.ts'
import { useFormats } from '../format.ts'
import { Parts } from '../kit/Bars.tsx'
import { Figure } from '../kit/Figure.tsx'
import { Chip, Facts, Page, Time } from '../kit/Page.tsx'
import { Shown } from '../kit/Shown.tsx'
import { useReading } from '../reading.ts'
import { useMay } from '../session.ts'
import { useWords } from '../words.ts'
import { CustomerDeed, type Deed } from './CustomerDeed.tsx'
import { toneOfState } from './Customers.tsx'
import { Holds } from './Holds.tsx'
import { Timeline } from './Timeline.tsx'
import { customerWords } from './words.ts'

/** One customer: what they have, how it came, and what may be done about it. */
export function Customer() {
  const { id } = useParams({ strict: false }) as { id: string }
  const customer = useReading<Read>(`/v1/console/customers/${encodeURIComponent(id)}`)
  return <Shown of={customer}>{(customer) => <Whole key={customer.id} customer={customer} />}</Shown>
}

function Whole({ customer }: { customer: Read }) {
  const texts = useWords(customerWords)
  const formats = useFormats()
  const may = useMay()
  const [deed, setDeed] = useState<Deed | null>(null)
  const { card, firstName, state, available, waiting, held, debt, expiresNext, status, lots } = customer
  const { mergedInto, replaced } = customer
  const isErased = state === 'erased'
  // What is done to a card that was replaced would be done to the one that stands for it.
  const isOwn = !isErased && mergedInto === null
  const deeds: [Deed, string, boolean][] = [
    ['adjust', texts.adjust, isOwn && may('customer adjust')],
    ['freeze', texts.freeze, isOwn && state === 'active' && may('customer freeze')],
    ['unfreeze', texts.unfreeze, isOwn && state === 'frozen' && may('customer freeze')],
    ['consent', texts.recordConsent, isOwn && customer.consent === null && may('customer consent')],
    ['status', texts.setStatus, isOwn && status !== null && may('status set')],
    ['merge', texts.merge, isOwn && may('customer merge')],
    ['unmerge', texts.unmerge, mergedInto !== null && may('customer unmerge')],
    ['erase', texts.erase, isOwn && may('customer erase')],
  ]
  const cardLink = ({ id, card }: { id: number; card: string }) => (
    <Link key={id} to="/customers/$id" params={{ id: String(id) }}>
      {formats.card(card)}
    </Link>
  )
  return (
    <Page
      title={`${firstName ?? texts.noName} · ${formats.card(card)}`}
      actions={deeds.map(
        ([name, title, isOffered]) =>
          isOffered && (
            <button
              key={name}
              type="button"
              {...(name === 'adjust' && { className: 'main' })}
              onClick={() => setDeed(name)}
            >
              {title}
            </button>
          ),
      )}
    >
      {state !== 'active' && (
        <p>
          <Chip tone={toneOfState[state]}>{texts.states[state]}</Chip>
        </p>
      )}
      {mergedInto && (
        <p className="note warn">
          {texts.mergedInto} {cardLink(mergedInto)}
        </p>
      )}
      {replaced.length > 0 && (
        <p className="note">
          {texts.replacedCards}: {replaced.map(cardLink)}
        </p>
      )}
      <div className="figures">
        <Figure title={texts.available} value={formats.whole(available)}>
          {expiresNext && texts.expires(formats.points(expiresNext.points), formats.lastDay(expiresNext.at))}
        </Figure>
        {waiting && (
          <Figure title={texts.waiting} value={formats.whole(waiting.points)}>
            {texts.waitingFrom(formats.day(waiting.from))}
          </Figure>
        )}
        {held > 0 && <Figure title={texts.held} value={formats.whole(held)} />}
        {debt > 0 && (
          <Figure title={texts.debt} value={formats.whole(debt)}>
            {texts.debtText}
          </Figure>
        )}
        {status && (
          <Figure title={texts.status} value={status.title ?? texts.noStatus}>
            {status.next && texts.toNext(status.next.title)}
          </Figure>
        )}
        <Figure title={texts.spent} value={formats.roubles(customer.facts.netKopecks)}>
          {texts.purchases.toLowerCase()}: {formats.whole(customer.facts.purchases)}
        </Figure>
      </div>
      <div className="beside">
        <div className="stack">
          <Holds customer={customer} />
          <Timeline id={customer.id} statuses={status?.all ?? []} />
        </div>
        <div className="stack">
          {lots.length > 0 && <Lots of={lots} />}
          <About customer={customer} onDeed={isOwn ? setDeed : null} />
        </div>
      </div>
      {deed && <CustomerDeed deed={deed} customer={customer} onClose={() => setDeed(null)} />}
    </Page>
  )
}

function About({
  customer: { consent, advertising, telegram, isStaff, facts, joinedAt },
  onDeed,
}: {
  customer: Read
  /** Null: nothing can be done any more. */
  onDeed: ((deed: Deed) => void) | null
}) {
  const may = useMay()
  const texts = useWords(customerWords)
  const formats = useFormats()
  return (
    <section className="card">
      <h2>{texts.about}</h2>
      <Facts
        facts={[
          [texts.joined, <Time key="joined" at={joinedAt} />],
          [
            texts.consent,
            consent ? (
              <span key="consent">
                {formats.day(consent.givenAt)}
                {consent.note && `, ${consent.note}`}
              </span>
            ) : (
              <span key="consent" className="warn">
                {texts.noConsent}
              </span>
            ),
          ],
          [
            texts.advertising,
            <span key="advertising">
              {advertising ? formats.day(advertising.givenAt) : texts.noAdvertising}
              {onDeed && may('customer advertising') && (advertising || consent) && (
                <>
                  {' '}
                  <button
                    type="button"
                    className="link"
                    onClick={() => onDeed(advertising ? 'noAdvertising' : 'advertising')}
                  >
                    {advertising ? texts.dropAdvertising : texts.takeAdvertising}
                  </button>
                </>
              )}
            </span>,
          ],
          [texts.telegram, telegram ? (texts.telegrams[telegram] ?? telegram) : texts.noTelegram],
          [
            texts.staffCard,
            <span key="staff">
              {isStaff ? texts.isStaff : texts.isNotStaff}
              {onDeed && may('customer staff') && (
                <>
                  {' '}
                  <button
                    type="button"
                    className="link"
                    onClick={() => onDeed(isStaff ? 'dropStaff' : 'takeStaff')}
                  >
                    {isStaff ? texts.dropStaff : texts.takeStaff}
                  </button>
                </>
              )}
            </span>,
          ],
          [
            texts.average,
            facts.averageReceiptKopecks === null ? '—' : formats.rouble(facts.averageReceiptKopecks),
          ],
          [texts.last, <Time key="last" at={facts.lastPurchaseAt} />],
          [texts.homeStore, facts.homeStore?.name ?? '—'],
          [texts.earnedAll, formats.points(facts.pointsEarned)],
          [texts.spentAll, formats.points(facts.pointsSpent)],
          [texts.expiredAll, formats.points(facts.pointsExpired)],
        ]}
      />
      {facts.asOf && <p className="soft small">{texts.asOf(formats.moment(facts.asOf))}</p>}
    </section>
  )
}

/** So many days of expiry are told one by one. */
const DAYS_TOLD = 8

/** The points by the last day on which they can be spent. */
function Lots({ of: lots }: { of: Read['lots'] }) {
  const texts = useWords(customerWords)
  const formats = useFormats()
  const byDay = new Map<string, number>()
  for (const { points, expiresAt } of lots) {
    const day = formats.lastDay(expiresAt)
    byDay.set(day, (byDay.get(day) ?? 0) + points)
  }
  const days = [...byDay]
  const later = days.slice(DAYS_TOLD).reduce((sum, [, points]) => sum + points, 0)
  return (
    <section className="card stack">
      <h2>{texts.lots}</h2>
      <Parts
        label={texts.lots}
        parts={days.map(([day, points]) => ({
          name: day,
          title: texts.lot(formats.points(points), day),
          value: points,
        }))}
      />
      <Facts
        facts={[
          ...days.slice(0, DAYS_TOLD).map(([day, points]): [string, string] => [day, formats.points(points)]),
          ...(later > 0 ? [[texts.later, formats.points(later)] satisfies [string, string]] : []),
        ]}
      />
    </section>
  )
}
