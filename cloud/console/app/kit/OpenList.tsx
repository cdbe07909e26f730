import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useAddress } from './address.ts'
import { Split } from './Page.tsx'
import { type Paged, PagedTable, type Pages } from './PagedTable.tsx'
import type { TableWanted } from './Table.tsx'

interface Wanted<Data extends Paged, Row> extends Omit<TableWanted<Row>, 'rows' | 'onOpen' | 'isOpen'> {
  pages: Pages<Data>
  rows: (data: Data) => Row[]
  /** Where there is no row. */
  empty: ReactNode
  /** What is shown of the row that was opened. */
  panel: (row: Row, close: () => void) => ReactNode
}

const names = ['open'] as const

/** A page of a list, and beside it what was opened of it; both stand in the address. A row is opened by its first cell, with a key too. */
export function OpenList<Data extends Paged, Row>({ panel, ...wanted }: Wanted<Data, Row>) {
  const { pages, rows, keyOf } = wanted
  const [{ open }, change] = useAddress(names)
  const turn = (open: string | undefined) => void change({ open }, { isPage: true })
  const isOpen = (row: Row) => String(keyOf(row)) === open
  const columns = wanted.columns.map((column, place) => ({
    ...column,
    ...(place === 0 && {
      cell: (row: Row) => (
        <Link to="." search={(now: object) => ({ ...now, open: String(keyOf(row)) })}>
          {column.cell(row)}
        </Link>
      ),
    }),
  }))
  const opened = pages.read.data && rows(pages.read.data).find(isOpen)
  return (
    <Split
      list={<PagedTable {...wanted} {...{ columns, isOpen }} onOpen={(row) => turn(String(keyOf(row)))} />}
      panel={opened === undefined ? null : panel(opened, () => turn(undefined))}
    />
  )
}
