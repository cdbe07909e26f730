import type { UseQueryResult } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useAddress } from './address.ts'
import { Split } from './Page.tsx'
import { Pager } from './Pager.tsx'
import { Shown } from './Shown.tsx'
import { type Column, Table } from './Table.tsx'

interface Paged {
  next: string | null
  asOf: string
}

interface Wanted<Data extends Paged, Row> {
  of: UseQueryResult<Data>
  rows: (data: Data) => Row[]
  label: string
  /** The first is what a row is opened by, with a key too. */
  columns: Column<Row>[]
  keyOf: (row: Row) => string | number
  sort?: string | undefined
  onSort?: (sort: string) => void
  /** The same list as a file. */
  csv: string
  /** Where there is no row. */
  empty: ReactNode
  /** What is shown of the row that was opened. */
  panel: (row: Row, close: () => void) => ReactNode
}

const names = ['after', 'open'] as const

/** A page of a list, and beside it what was opened of it; both stand in the address. */
export function OpenList<Data extends Paged, Row>(wanted: Wanted<Data, Row>) {
  const { of, rows, label, keyOf, sort, onSort, csv, empty, panel } = wanted
  const [{ after, open }, change] = useAddress(names)
  const turn = (changes: { after?: string | undefined; open?: string | undefined }) =>
    void change(changes, { isPage: true })
  const isOpen = (row: Row) => String(keyOf(row)) === open
  const columns = wanted.columns.map((column, place) => ({
    ...column,
    ...(place === 0 && {
      cell: (row: Row) => (
        <Link to="." search={((now: object) => ({ ...now, open: String(keyOf(row)) })) as never}>
          {column.cell(row)}
        </Link>
      ),
    }),
  }))
  return (
    <Shown of={of}>
      {(data) => {
        const shown = rows(data)
        if (shown.length === 0) return empty
        const opened = shown.find(isOpen)
        return (
          <Split
            list={
              <>
                <Table
                  {...{ label, columns, keyOf, isOpen, sort, rows: shown }}
                  {...(onSort && { onSort })}
                  onOpen={(row) => turn({ open: String(keyOf(row)) })}
                />
                <Pager
                  next={data.next}
                  isLater={after !== undefined}
                  onPage={(after) => turn({ after, open: undefined })}
                  asOf={data.asOf}
                  csv={csv}
                />
              </>
            }
            panel={opened === undefined ? null : panel(opened, () => turn({ open: undefined }))}
          />
        )
      }}
    </Shown>
  )
}
