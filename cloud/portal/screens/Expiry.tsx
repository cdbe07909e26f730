import { useEffect } from 'react'
import { formatWhole } from '../../../shared/numbers.ts'
import type { Instant } from '../../../shared/time.ts'
import { dayKey, daysUntil, lastDayHere, type Month, monthsOf, weekdayNames } from '../dates.ts'
import { usePortal, usePortalState, useTexts } from '../portal.ts'
import { Empty } from '../ui/Empty.tsx'
import { Rows } from '../ui/Skeleton.tsx'
import './expiry.css'

/** Nearer than this it is time to think of them: the bot writes then, too. */
const SOON_DAYS = 3

/** Points, and the last day on which they can be spent. */
interface LastDay {
  points: number
  at: Instant
}

export function Expiry() {
  const portal = usePortal()
  const { expiry: texts } = useTexts()
  const timeZone = usePortalState(({ view }) => (view.kind === 'customer' ? view.me.timeZone : undefined))
  const dying = usePortalState(({ expiry }) => expiry)
  const days = dying?.map(({ points, at }) => ({ points, at: lastDayHere(Date.parse(at), timeZone) }))
  useEffect(() => void portal.loadExpiry(), [portal])

  return (
    <>
      <h1>{texts.title}</h1>
      <p className="lead">{texts.explain}</p>
      {!days && <Rows />}
      {days?.length === 0 && <Empty icon="calendar" title={texts.empty} next={texts.emptyNext} />}
      {days && days.length > 0 && (
        <>
          {monthsOf(
            days.map(({ at }) => at),
            Date.now(),
          ).map((month) => (
            <MonthGrid key={month.at} month={month} days={days} />
          ))}
          <ul className="panel" aria-label={texts.days}>
            {days.map((day) => (
              <Row key={day.at} day={day} />
            ))}
          </ul>
        </>
      )}
    </>
  )
}

/** For the eye: the list below says the same in words. */
function MonthGrid({ month, days }: { month: Month; days: LastDay[] }) {
  const { locale, expiry: texts } = useTexts()
  const pointsOf = new Map<string, number>()
  for (const { at, points } of days) {
    const key = dayKey(at)
    pointsOf.set(key, (pointsOf.get(key) ?? 0) + points)
  }
  const now = Date.now()
  const cells = Array.from({ length: month.to - month.from + 1 }, (_, index) => {
    const day = month.from + index
    const date = new Date(new Date(month.at).setDate(day))
    const points = pointsOf.get(dayKey(date.getTime()))
    const isSoon = daysUntil(date.getTime(), now) <= SOON_DAYS
    const kind = points === undefined ? '' : isSoon ? 'marked soon' : 'marked'
    const isToday = dayKey(date.getTime()) === dayKey(now)
    return { day, points, className: `cell ${kind} ${isToday ? 'today' : ''}` }
  })
  return (
    <section className="panel month" aria-hidden="true">
      <h2>{texts.month(month.at)}</h2>
      <div className="grid">
        {weekdayNames(locale).map((name) => (
          <span className="weekday" key={name}>
            {name}
          </span>
        ))}
        {cells.map(({ day, points, className }) => (
          <span className={className} key={day} data-offset={day === month.from ? month.offset : undefined}>
            <b className="num">{day}</b>
            {points !== undefined && <small className="num">{formatWhole(points)}</small>}
          </span>
        ))}
      </div>
    </section>
  )
}

function Row({ day }: { day: LastDay }) {
  const { points, expiry: texts } = useTexts()
  const { at } = day
  const isSoon = daysUntil(at, Date.now()) <= SOON_DAYS
  return (
    <li className="row">
      <div>
        <p className="what">{texts.day(at)}</p>
        <p className={isSoon ? 'details soon' : 'details'}>{texts.inDays(at, Date.now())}</p>
      </div>
      <b className="num">{points(day.points)}</b>
    </li>
  )
}
