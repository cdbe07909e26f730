import { Link } from '@tanstack/react-router'
import type { Home as Read } from '../../../../shared/console/home.ts'
import { useFormats } from '../format.ts'
import { Bars } from '../kit/Bars.tsx'
import { Figure } from '../kit/Figure.tsx'
import { Page } from '../kit/Page.tsx'
import { usePlace } from '../kit/place.ts'
import { Shown } from '../kit/Shown.tsx'
import { Sparkline } from '../kit/Sparkline.tsx'
import { useReading } from '../reading.ts'
import { useSession } from '../session.ts'
import { useWords } from '../words.ts'
import { Needs } from './Needs.tsx'
import { OwedByAge } from './OwedByAge.tsx'
import { homeWords } from './words.ts'

/** Of the periods that are compared, until the figures say it themselves. */
const USUAL_DAYS = 30

/** What is owed, what expires when, whether members come back, and what is off today. The first figures do not wait for the last. */
export function Home() {
  const texts = useWords(homeWords)
  const place = usePlace()
  const now = useReading<Read>('/v1/console/home', { ...place, of: 'now' })
  const members = useReading<Read>('/v1/console/home', { ...place, of: 'members' })
  return (
    <Page title={texts.title}>
      <Shown of={now} lines={10}>
        {({ owed, expiring, off }) => (
          <>
            {off && <Needs off={off} />}
            <div className="figures eight">
              {owed && <Owed owed={owed} />}
              {expiring && <Expiring within={expiring.within} />}
              <MemberFigures members={members.data?.members} />
            </div>
            <div className="columns">
              <section className="card">
                <h2>{texts.byDay}</h2>
                <Shown of={members}>{({ members }) => members && <MemberDays members={members} />}</Shown>
              </section>
              {owed && owed.byExpiry.length > 0 && <OwedByMonth owed={owed} />}
              {owed && <OwedByAge owed={owed} />}
            </div>
            <AsOf moment={members.data?.members?.asOf ?? off?.asOf} />
          </>
        )}
      </Shown>
    </Page>
  )
}

type Day = Part<'members'>['byDay'][number]
type Part<Name extends keyof Read> = NonNullable<Read[Name]>

/** Each figure leads on to what it counts, whoever may read that. */
function useReports() {
  const { readings } = useSession()
  return (path: string) => (readings.includes('reports') ? path : undefined)
}

function Owed({ owed: { points, kopecks, customers, held } }: { owed: Part<'owed'> }) {
  const texts = useWords(homeWords)
  const formats = useFormats()
  const toReports = useReports()
  return (
    <Figure title={texts.owed} value={formats.whole(points)} to={toReports('/liability')}>
      {texts.owedBy(customers, formats.roubles(kopecks))}
      {held > 0 && <div>{texts.held(formats.points(held))}</div>}
    </Figure>
  )
}

/** Their places are there from the beginning, so that nothing moves when they come. */
function MemberFigures({ members }: { members: Part<'members'> | null | undefined }) {
  const texts = useWords(homeWords)
  const formats = useFormats()
  const toReports = useReports()
  const days = members?.days ?? USUAL_DAYS
  function compared(figure: Part<'members'>['active'] | undefined, format: (value: number) => string) {
    if (!figure) return { value: '…', children: texts.before('…') }
    const { now, before } = figure
    return {
      value: now === null ? '—' : format(now),
      children: before === null ? null : texts.before(format(before)),
    }
  }
  const sales = compared(members?.kopecks, formats.roubles)
  const line = (title: string, of: (day: Day) => number) =>
    members && <Sparkline label={texts.line(title)} values={members.byDay.slice(-days).map(of)} />
  const share = members?.receiptsWithCardBasisPoints.now ?? null
  return (
    <>
      <Figure
        title={texts.active(days)}
        to="/customers"
        search={{ sort: 'last_purchase' }}
        {...compared(members?.active, formats.whole)}
      />
      <Figure
        title={texts.repeat}
        to={toReports('/stores-report')}
        {...compared(members?.repeatBasisPoints, formats.percent)}
      />
      <Figure
        title={texts.sales}
        value={sales.value}
        to={toReports('/stores-report')}
        line={line(texts.sales, ({ kopecks }) => kopecks)}
      >
        {sales.children}
        <div>{share === null ? texts.noShare : texts.share(formats.percent(share))}</div>
      </Figure>
      <Figure
        title={texts.earned}
        to={toReports('/stores-report')}
        line={line(texts.earned, ({ earned }) => earned)}
        {...compared(members?.earned, formats.whole)}
      />
      <Figure
        title={texts.spent}
        to={toReports('/stores-report')}
        line={line(texts.spent, ({ spent }) => spent)}
        {...compared(members?.spent, formats.whole)}
      />
      <Figure title={texts.joined} to="/customers" {...compared(members?.joined, formats.whole)} />
    </>
  )
}

function MemberDays({ members: { byDay, days } }: { members: Part<'members'> }) {
  const texts = useWords(homeWords)
  const formats = useFormats()
  return (
    <Bars
      label={texts.byDay}
      bars={byDay.slice(-days).map(({ day, purchases, kopecks, earned, spent }) => ({
        name: formats.calendarDay(day),
        title: texts.day(formats.calendarDay(day), purchases, {
          ...{ sum: formats.roubles(kopecks), earned: formats.whole(earned), spent: formats.whole(spent) },
        }),
        value: purchases,
      }))}
    />
  )
}

const MONTHS_SHOWN = 12

function OwedByMonth({ owed: { byExpiry } }: { owed: Part<'owed'> }) {
  const texts = useWords(homeWords)
  const formats = useFormats()
  const to = useReports()('/expiry')
  return (
    <section className="card">
      <h2>{to ? <Link to={to}>{texts.byExpiry}</Link> : texts.byExpiry}</h2>
      <Bars
        label={texts.byExpiry}
        bars={byExpiry.slice(0, MONTHS_SHOWN).map(({ month, points }) => ({
          name: formats.month(month),
          title: texts.month(formats.month(month), formats.points(points)),
          value: points,
        }))}
      />
    </section>
  )
}

function AsOf({ moment }: { moment: string | undefined }) {
  const texts = useWords(homeWords)
  const formats = useFormats()
  return moment ? <p className="soft">{texts.asOf(formats.moment(moment))}</p> : null
}

/** The longest time as the figure, the shorter ones below it. */
function Expiring({ within }: { within: Part<'expiring'>['within'] }) {
  const texts = useWords(homeWords)
  const formats = useFormats()
  const to = useReports()('/expiry')
  const longest = within.at(-1)
  if (!longest) return null
  return (
    <Figure title={texts.expiring(longest.days)} value={formats.whole(longest.points)} to={to}>
      {texts.expiringOf(longest.customers)}
      {within.slice(0, -1).map(({ days, points }) => (
        <div key={days}>{texts.expiringSooner(days, formats.points(points))}</div>
      ))}
    </Figure>
  )
}
