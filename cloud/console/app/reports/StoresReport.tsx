import { useState } from 'react'
import type { StoresReport as Read, StoreShare } from '../../../../shared/console/reports.ts'
import { addressOf } from '../api.ts'
import { type Formats, useFormats } from '../format.ts'
import { useAddress } from '../kit/address.ts'
import { startOf } from '../kit/days.ts'
import { Filters } from '../kit/Filters.tsx'
import { Page, Tabs } from '../kit/Page.tsx'
import { Pager } from '../kit/Pager.tsx'
import { usePlace } from '../kit/place.ts'
import { Empty, Shown } from '../kit/Shown.tsx'
import { type Column, Table } from '../kit/Table.tsx'
import { useReading } from '../reading.ts'
import { useTimeZone } from '../timeZone.ts'
import { useWords } from '../words.ts'
import { Days } from './Days.tsx'
import { reportWords } from './words.ts'

const PATH = '/v1/console/reports/stores'
const names = ['since', 'until'] as const
const shares: StoreShare[] = ['redemption', 'refunds', 'notTaken', 'typed', 'duplicates', 'parked']

type Row = Read['all'] & { id: number; name: string; outliers: string[] }
const figures = {
  purchases: ({ purchases }: Row) => purchases,
  customers: ({ customers }: Row) => customers,
  sales: ({ kopecks }: Row) => kopecks,
  average: ({ averageKopecks }: Row) => averageKopecks ?? 0,
  earned: ({ earned }: Row) => earned,
  spent: ({ spent }: Row) => spent,
}
type FigureName = keyof typeof figures
const figureNames = Object.keys(figures) as FigureName[]

const parts = ['compared', 'days'] as const
const partNames = ['part'] as const

/** What stores did: side by side, or day by day. */
export function StoresReport() {
  const texts = useWords(reportWords)
  const [{ part: wanted }, change] = useAddress(partNames)
  const part = parts.find((each) => each === wanted) ?? 'compared'
  return (
    <Page title={texts.stores}>
      <Tabs
        label={texts.which}
        tabs={parts.map((name) => ({ name, title: texts.parts[name] }))}
        current={part}
        onChange={(name) => change({ part: name === 'compared' ? undefined : name })}
      />
      {part === 'days' ? <Days /> : <Compared />}
    </Page>
  )
}

/** The stores beside each other. All of them are here, so they are sorted here. */
function Compared() {
  const texts = useWords(reportWords)
  const formats = useFormats()
  const [search, change] = useAddress(names)
  const [sort, setSort] = useState<string>('purchases')
  const { programme } = usePlace()
  const timeZone = useTimeZone()
  const asked = {
    programme,
    since: startOf(search.since, timeZone),
    until: startOf(search.until, timeZone, 1),
  }
  const report = useReading<Read>(PATH, asked)

  const columns: Column<Row>[] = [
    { name: 'name', title: texts.store, cell: ({ name }) => <b>{name}</b> },
    ...figureNames.map((name) => ({
      ...{ name, title: texts[name], isNumber: true, sort: name },
      cell: (row: Row) => figureOf(row, name, formats),
    })),
    ...shares.map((name) => ({
      ...{ name, title: texts.shares[name] ?? name, isNumber: true, sort: name },
      cell: ({ shares, outliers }: Row) => {
        const share = shares[name]
        if (share === null) return '—'
        const isFar = outliers.includes(name)
        return (
          <span className={isFar ? 'bad' : undefined} title={isFar ? texts.outlier : undefined}>
            {formats.percent(share)}
            {isFar && <span className="unseen"> {texts.outlier}</span>}
          </span>
        )
      },
    })),
  ]
  const rankOf = (row: Row): number =>
    sort in figures ? figures[sort as FigureName](row) : (row.shares[sort as StoreShare] ?? 0)

  return (
    <>
      <p className="soft">{texts.storesText}</p>
      <Filters
        filters={[
          { name: 'since', title: texts.since, kind: 'date' },
          { name: 'until', title: texts.until, kind: 'date' },
        ]}
        values={search}
        onChange={(changes) => change(changes)}
      />
      <Shown of={report} lines={8}>
        {({ stores, all, since, until, asOf }) =>
          stores.length === 0 ? (
            <Empty title={texts.noStores}>{texts.noStoresText}</Empty>
          ) : (
            <>
              <p className="soft">{texts.period(formats.moment(since), formats.moment(until))}</p>
              <Table
                label={texts.stores}
                isDense
                columns={columns}
                rows={[
                  ...stores
                    .map(({ store, ...row }) => ({ ...row, ...store }))
                    .toSorted((one, other) => rankOf(other) - rankOf(one)),
                  { ...all, id: 0, name: texts.all, outliers: [] },
                ]}
                keyOf={({ id }) => id}
                sort={sort}
                onSort={setSort}
              />
              <Pager asOf={asOf} csv={addressOf(PATH, { ...asked, format: 'csv' })} />
            </>
          )
        }
      </Shown>
    </>
  )
}

function figureOf(row: Row, name: FigureName, formats: Formats): string {
  if (name === 'average') return row.averageKopecks === null ? '—' : formats.roubles(row.averageKopecks)
  return name === 'sales' ? formats.roubles(row.kopecks) : formats.whole(figures[name](row))
}
