import type { DaysReport } from '../../../../shared/console/reports.ts'
import { addressOf } from '../api.ts'
import { type Formats, useFormats } from '../format.ts'
import { useAddress } from '../kit/address.ts'
import { Filters } from '../kit/Filters.tsx'
import { Pager } from '../kit/Pager.tsx'
import { usePlace } from '../kit/place.ts'
import { Empty, Shown } from '../kit/Shown.tsx'
import { type Column, Table } from '../kit/Table.tsx'
import { useReading } from '../reading.ts'
import { useWords } from '../words.ts'
import { reportWords } from './words.ts'

const PATH = '/v1/console/reports/days'
const names = ['since', 'until'] as const

type Day = DaysReport['days'][number]
const figures = {
  operations: ({ operations }: Day, { whole }: Formats) => whole(operations),
  purchases: ({ purchases }: Day, { whole }: Formats) => whole(purchases),
  sales: ({ kopecks }: Day, { roubles }: Formats) => roubles(kopecks),
  refunded: ({ refundKopecks }: Day, { roubles }: Formats) => roubles(refundKopecks),
  earned: ({ earned }: Day, { whole }: Formats) => whole(earned),
  spent: ({ spent }: Day, { whole }: Formats) => whole(spent),
  takenBack: ({ takenBack }: Day, { whole }: Formats) => whole(takenBack),
  givenBack: ({ givenBack }: Day, { whole }: Formats) => whole(givenBack),
}
type FigureName = keyof typeof figures

/** What each store did on each of its days. */
export function Days() {
  const texts = useWords(reportWords)
  const formats = useFormats()
  const [{ since, until }, change] = useAddress(names)
  const { programme, store } = usePlace()
  const asked = { programme, store, since, until }
  const report = useReading<DaysReport>(PATH, asked)
  const columns: Column<Day>[] = [
    { name: 'day', title: texts.day, cell: ({ day }) => formats.calendarDay(day) },
    { name: 'store', title: texts.store, cell: ({ store }) => store.name },
    ...(Object.keys(figures) as FigureName[]).map((name) => ({
      ...{ name, title: texts[name], isNumber: true },
      cell: (day: Day) => figures[name](day, formats),
    })),
  ]
  return (
    <>
      <p className="soft">{texts.daysText}</p>
      <Filters
        filters={[
          { name: 'since', title: texts.since, kind: 'date' },
          { name: 'until', title: texts.until, kind: 'date' },
        ]}
        values={{ ...(since && { since }), ...(until && { until }) }}
        onChange={(changes) => change(changes)}
      />
      <Shown of={report} lines={8}>
        {({ days, asOf }) =>
          days.length === 0 ? (
            <Empty title={texts.noDays}>{texts.noStoresText}</Empty>
          ) : (
            <>
              <Table
                label={texts.parts.days}
                isDense
                columns={columns}
                rows={days}
                keyOf={({ day, store }) => `${day} ${store.id}`}
              />
              <Pager asOf={asOf} csv={addressOf(PATH, { ...asked, format: 'csv' })} />
            </>
          )
        }
      </Shown>
    </>
  )
}
