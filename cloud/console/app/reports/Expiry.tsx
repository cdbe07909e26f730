import type { Expiry as Read } from '../../../../shared/console/reports.ts'
import { addressOf } from '../api.ts'
import { useFormats } from '../format.ts'
import { Bars } from '../kit/Bars.tsx'
import { Page } from '../kit/Page.tsx'
import { Pager } from '../kit/Pager.tsx'
import { usePlace } from '../kit/place.ts'
import { Empty, Shown } from '../kit/Shown.tsx'
import { Table } from '../kit/Table.tsx'
import { useReading } from '../reading.ts'
import { useWords } from '../words.ts'
import { reportWords } from './words.ts'

const PATH = '/v1/console/reports/expiry'

/** The points that expire in each month, how many of them are expected to, and how many of the earlier ones did. */
export function Expiry() {
  const texts = useWords(reportWords)
  const { programme } = usePlace()
  const report = useReading<Read>(PATH, { programme })
  return (
    <Page title={texts.expiry}>
      <p className="soft">{texts.expiryText}</p>
      <Shown of={report} lines={10}>
        {({ ahead, behind, expiredBasisPoints, asOf }) => (
          <>
            <div className="columns">
              <Ahead months={ahead} />
              {behind.some(({ due }) => due > 0) && (
                <Behind months={behind} expiredBasisPoints={expiredBasisPoints} />
              )}
            </div>
            <Pager asOf={asOf} csv={addressOf(PATH, { programme, format: 'csv' })} />
          </>
        )}
      </Shown>
    </Page>
  )
}

function Ahead({ months }: { months: Read['ahead'] }) {
  const texts = useWords(reportWords)
  const formats = useFormats()
  return (
    <section className="card stack">
      <h2>{texts.ahead}</h2>
      {months.length === 0 ? (
        <Empty title={texts.noAhead}>{texts.noAheadText}</Empty>
      ) : (
        <>
          <Bars
            label={texts.ahead}
            bars={months.map(({ month, points, expected }) => ({
              name: formats.month(month),
              title: texts.bar(formats.month(month), formats.points(points)),
              value: expected ?? points,
              of: points,
            }))}
          />
          <Table
            label={texts.ahead}
            rows={months}
            keyOf={({ month }) => month}
            columns={[
              {
                name: 'month',
                title: texts.month,
                isWide: true,
                cell: ({ month }) => formats.month(month),
              },
              {
                name: 'due',
                title: texts.due,
                isNumber: true,
                cell: ({ points }) => formats.whole(points),
              },
              {
                name: 'expected',
                title: texts.expected,
                isNumber: true,
                cell: ({ expected }) => (expected === null ? '—' : formats.whole(expected)),
              },
              {
                name: 'customers',
                title: texts.customers,
                isNumber: true,
                cell: ({ customers }) => formats.whole(customers),
              },
            ]}
          />
        </>
      )}
    </section>
  )
}

function Behind({
  months,
  expiredBasisPoints,
}: {
  months: Read['behind']
  expiredBasisPoints: Read['expiredBasisPoints']
}) {
  const texts = useWords(reportWords)
  const formats = useFormats()
  return (
    <section className="card stack">
      <h2>{texts.behind}</h2>
      <Bars
        label={texts.behind}
        bars={months.map(({ month, due, expired }) => ({
          name: formats.month(month),
          title: texts.bar(formats.month(month), `${formats.whole(expired)} / ${formats.points(due)}`),
          value: expired,
          of: due,
        }))}
      />
      <Table
        label={texts.behind}
        rows={months}
        keyOf={({ month }) => month}
        columns={[
          {
            name: 'month',
            title: texts.month,
            isWide: true,
            cell: ({ month }) => formats.month(month),
          },
          {
            name: 'due',
            title: texts.wereDue,
            isNumber: true,
            cell: ({ due }) => formats.whole(due),
          },
          {
            name: 'expired',
            title: texts.expired,
            isNumber: true,
            cell: ({ expired }) => formats.whole(expired),
          },
        ]}
      />
      {expiredBasisPoints !== null && (
        <p className="soft">{texts.expiredShare(formats.percent(expiredBasisPoints))}</p>
      )}
    </section>
  )
}
