import type { Liability as Read } from '../../../../shared/console/reports.ts'
import { dayAfter, localDayOf } from '../../../../shared/rules/localTime.ts'
import { addressOf } from '../api.ts'
import { useFormats } from '../format.ts'
import { useAddress } from '../kit/address.ts'
import { Bars } from '../kit/Bars.tsx'
import { isDay, startOf } from '../kit/days.ts'
import { Figure } from '../kit/Figure.tsx'
import { Filters } from '../kit/Filters.tsx'
import { Page } from '../kit/Page.tsx'
import { Pager } from '../kit/Pager.tsx'
import { usePlace } from '../kit/place.ts'
import { Empty, Shown } from '../kit/Shown.tsx'
import { Table } from '../kit/Table.tsx'
import { useReading } from '../reading.ts'
import { useTimeZone } from '../timeZone.ts'
import { useWords } from '../words.ts'
import { Flow } from './Flow.tsx'
import { reportWords } from './words.ts'

const PATH = '/v1/console/reports/liability'
const names = ['since', 'at'] as const
/** Before the day that is asked about, where nothing else is said. */
const USUAL_DAYS = 30

/** What the programme owes, at any moment of its history. */
export function Liability() {
  const texts = useWords(reportWords)
  const formats = useFormats()
  const [search, change] = useAddress(names)
  const { programme } = usePlace()
  const timeZone = useTimeZone()
  const asked = { programme, at: endOf(search.at, timeZone) }
  const report = useReading<Read>(PATH, asked)
  // What the ledger has written since then is added up beside the first figures, which do not wait for it.
  const day = isDay(search.at) ? search.at : localDayOf(Date.now(), timeZone)
  const withFlow = { ...asked, since: startOf(search.since ?? dayAfter(day, -USUAL_DAYS), timeZone) }
  const isKept =
    report.data !== undefined &&
    (search.since !== undefined || (withFlow.since ?? '') >= report.data.earliest)
  const flowing = useReading<Read>(PATH, withFlow, { isOn: isKept })
  return (
    <Page title={texts.liability}>
      <p className="soft">{texts.liabilityText}</p>
      <Filters
        filters={[
          { name: 'since', title: texts.changedSince, kind: 'date' },
          { name: 'at', title: texts.at, kind: 'date' },
        ]}
        values={search}
        onChange={(changes) => change(changes)}
      />
      <Shown of={report} lines={10}>
        {(read) =>
          read.points === 0 ? (
            <Empty title={texts.none}>{texts.noneText}</Empty>
          ) : (
            <>
              <div className="figures">
                <Figure title={texts.owed} value={formats.whole(read.points)} />
                <Figure title={texts.worth} value={formats.roubles(read.kopecks)} />
                <Figure title={texts.customers} value={formats.whole(read.customers)} />
                {read.held > 0 && <Figure title={texts.held} value={formats.whole(read.held)} />}
              </div>
              <div className="columns">
                <section className="card">
                  <h2>{texts.byExpiry}</h2>
                  <Bars
                    label={texts.byExpiry}
                    bars={read.byExpiry.map(({ month, points }) => ({
                      name: formats.month(month),
                      title: texts.bar(formats.month(month), formats.points(points)),
                      value: points,
                    }))}
                  />
                </section>
                <Shares
                  title={texts.byAge}
                  name={texts.age}
                  all={read.points}
                  rows={read.byAge.map(({ age, points }) => ({ name: texts.ages[age] ?? age, points }))}
                />
                <Shares
                  title={texts.byStore}
                  name={texts.store}
                  all={read.points}
                  rows={read.byStore.map(({ store, points }) => ({
                    name: store?.name ?? texts.noStore,
                    points,
                  }))}
                  hint={texts.byStoreText}
                />
              </div>
              {isKept && (
                <Shown of={flowing} lines={8}>
                  {({ flow }) => flow && <Flow of={flow} />}
                </Shown>
              )}
              <p className="soft">{texts.earliest(formats.fullDay(read.earliest))}</p>
              <Pager
                asOf={read.asOf}
                csv={addressOf(PATH, { ...(isKept && !flowing.isError ? withFlow : asked), format: 'csv' })}
              />
            </>
          )
        }
      </Shown>
    </Page>
  )
}

/** A day that is not over has no end to ask about: it stands as it is now. */
function endOf(day: string | undefined, timeZone: string): string | undefined {
  const isToday = day === localDayOf(Date.now(), timeZone)
  return isToday ? undefined : startOf(day, timeZone, 1)
}

interface Row {
  name: string
  points: number
}

function Shares({
  title,
  name,
  rows,
  all,
  hint,
}: {
  title: string
  name: string
  rows: Row[]
  all: number
  hint?: string
}) {
  const texts = useWords(reportWords)
  const formats = useFormats()
  return (
    <section className="card">
      <h2>{title}</h2>
      {hint && <p className="soft">{hint}</p>}
      <Table
        label={title}
        rows={rows}
        keyOf={({ name }) => name}
        columns={[
          { name: 'name', title: name, isWide: true, cell: ({ name }: Row) => name },
          {
            name: 'points',
            title: texts.points,
            isNumber: true,
            cell: ({ points }: Row) => formats.whole(points),
          },
          {
            name: 'share',
            title: texts.share,
            isNumber: true,
            cell: ({ points }: Row) => (
              <span className="soft">{formats.percent((points * 10_000) / all)}</span>
            ),
          },
        ]}
      />
    </section>
  )
}
