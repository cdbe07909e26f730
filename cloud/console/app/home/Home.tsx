import { Link } from '@tanstack/react-router'
import type { Home as Read } from '../../../../shared/console/home.ts'
import { useFormats } from '../format.ts'
import { Bars } from '../kit/Bars.tsx'
import { Figure } from '../kit/Figure.tsx'
import { Page } from '../kit/Page.tsx'
import { usePlace } from '../kit/place.ts'
import { Shown } from '../kit/Shown.tsx'
import { useReading } from '../reading.ts'
import { useSession } from '../session.ts'
import { useWords } from '../words.ts'
import { Needs } from './Needs.tsx'
import { Owed } from './Owed.tsx'
import { homeWords } from './words.ts'

/** What is owed, what expires when, whether members come back, and what is off today. */
export function Home() {
  const texts = useWords(homeWords)
  const home = useReading<Read>('/v1/console/home', usePlace())
  return (
    <Page title={texts.title}>
      <Shown of={home} lines={10}>
        {(home) => <Whole home={home} />}
      </Shown>
    </Page>
  )
}

function Whole({ home: { owed, expiring, members, off } }: { home: Read }) {
  const texts = useWords(homeWords)
  const formats = useFormats()
  const { readings } = useSession()
  const toReports = (path: string) => (readings.includes('reports') ? path : undefined)
  const compared = ({ now, before }: Read['members']['active'], format: (value: number) => string) => ({
    value: now === null ? '—' : format(now),
    children: before === null ? null : texts.before(format(before)),
  })
  const { byDay, days } = members
  const sales = compared(members.kopecks, formats.roubles)
  const share = members.receiptsWithCardBasisPoints.now
  const latest = byDay.slice(-days)

  return (
    <>
      <Needs off={off} />
      <div className="figures six">
        {owed && (
          <Figure title={texts.owed} value={formats.whole(owed.points)} to={toReports('/liability')}>
            {texts.owedBy(formats.whole(owed.customers), formats.roubles(owed.kopecks))}
            {owed.held > 0 && <div>{texts.held(formats.points(owed.held))}</div>}
          </Figure>
        )}
        {expiring && <Expiring within={expiring.within} to={toReports('/expiry')} />}
        <Figure title={texts.active(days)} {...compared(members.active, formats.whole)} />
        <Figure title={texts.repeat} {...compared(members.repeatBasisPoints, formats.percent)} />
        <Figure title={texts.sales} value={sales.value} to={toReports('/stores-report')}>
          {sales.children}
          <div>{share === null ? texts.noShare : texts.share(formats.percent(share))}</div>
        </Figure>
        <Figure title={texts.joined} {...compared(members.joined, formats.whole)} />
      </div>
      <div className="columns">
        <section className="card">
          <h2>{texts.byDay}</h2>
          <Bars
            label={texts.byDay}
            bars={latest.map(({ day, purchases, earned, spent }) => ({
              name: formats.calendarDay(day),
              title: texts.day(
                formats.calendarDay(day),
                formats.whole(purchases),
                formats.whole(earned),
                formats.whole(spent),
              ),
              value: purchases,
            }))}
          />
        </section>
        {owed && owed.byExpiry.length > 0 && (
          <section className="card">
            <h2>
              {readings.includes('reports') ? <Link to="/expiry">{texts.byExpiry}</Link> : texts.byExpiry}
            </h2>
            <Bars
              label={texts.byExpiry}
              bars={owed.byExpiry.slice(0, 12).map(({ month, points }) => ({
                name: formats.month(month),
                title: texts.month(formats.month(month), formats.points(points)),
                value: points,
              }))}
            />
          </section>
        )}
        {owed && <Owed owed={owed} />}
      </div>
      <p className="soft">{texts.asOf(formats.moment(members.asOf))}</p>
    </>
  )
}

type Within = NonNullable<Read['expiring']>['within']

/** The longest time as the figure, the shorter ones below it. */
function Expiring({ within, to }: { within: Within; to: string | undefined }) {
  const texts = useWords(homeWords)
  const formats = useFormats()
  const longest = within.at(-1)
  if (!longest) return null
  return (
    <Figure title={texts.expiring(longest.days)} value={formats.whole(longest.points)} to={to}>
      {texts.expiringOf(formats.whole(longest.customers))}
      {within.slice(0, -1).map(({ days, points }) => (
        <div key={days}>{texts.expiringSooner(days, formats.points(points))}</div>
      ))}
    </Figure>
  )
}
