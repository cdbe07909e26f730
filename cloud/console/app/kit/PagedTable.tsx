import type { ReactNode } from 'react'
import { addressOf } from '../api.ts'
import { useReading } from '../reading.ts'
import { useAddress } from './address.ts'
import { Pager } from './Pager.tsx'
import { Shown } from './Shown.tsx'
import { Table, type TableWanted } from './Table.tsx'

export interface Paged {
  next: string | null
  asOf: string
}

const names = ['after', 'open'] as const

/** A list page by page: where the page begins stands in the address, and all of the list is a file. */
export function usePages<Data extends Paged>(path: string, asked: Parameters<typeof addressOf>[1]) {
  const [{ after }, change] = useAddress(names)
  return {
    read: useReading<Data>(path, { ...asked, after }),
    isLater: after !== undefined,
    // What is open is of the page before.
    turn: (after: string | undefined) => void change({ after, open: undefined }, { isPage: true }),
    csv: addressOf(path, { ...asked, format: 'csv' }),
  }
}
export type Pages<Data extends Paged> = ReturnType<typeof usePages<Data>>

interface Wanted<Data extends Paged, Row> extends Omit<TableWanted<Row>, 'rows'> {
  pages: Pages<Data>
  rows: (data: Data) => Row[]
  /** Where there is no row. */
  empty: ReactNode
  /** How many lines stand for it while it comes. */
  lines?: number
}

export function PagedTable<Data extends Paged, Row>(wanted: Wanted<Data, Row>) {
  const { pages, rows, empty, lines, ...table } = wanted
  const { read, isLater, turn, csv } = pages
  return (
    <Shown of={read} {...(lines && { lines })}>
      {(data) => {
        const shown = rows(data)
        if (shown.length === 0) return empty
        return (
          <>
            <Table {...table} rows={shown} />
            <Pager pages={{ next: data.next, isLater, onTurn: turn }} asOf={data.asOf} csv={csv} />
          </>
        )
      }}
    </Shown>
  )
}
