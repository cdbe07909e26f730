import type { ReactNode } from 'react'

export interface Column<Row> {
  name: string
  title: string
  cell: (row: Row) => ReactNode
  /** To the right, under each other. */
  isNumber?: boolean
  /** May take what the others leave. */
  isWide?: boolean
  /** What the list is sorted by with a press on its title. */
  sort?: string
  /** Its title is heard and not seen: of what can be pressed. */
  isUntitled?: boolean
}

export interface TableWanted<Row> {
  label: string
  columns: Column<Row>[]
  rows: Row[]
  keyOf: (row: Row) => string | number
  /** A press anywhere in the row; the first cell has the link for the keyboard. */
  onOpen?: (row: Row) => void
  isOpen?: (row: Row) => boolean
  sort?: string | undefined
  onSort?: (sort: string) => void
  /** More columns than there is room for. */
  isDense?: boolean
}

/** Rows of a list; on a telephone each becomes a card, with the titles beside what they say. */
export function Table<Row>(wanted: TableWanted<Row>) {
  const { label, columns, rows, keyOf, onOpen, isOpen, sort, onSort, isDense } = wanted
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section className="scroll" aria-label={label} tabIndex={0}>
      <table className={[onOpen && 'opens', isDense && 'dense'].filter(Boolean).join(' ') || undefined}>
        <thead>
          <tr>
            {columns.map(({ name, title, isNumber, isWide, isUntitled, sort: by }) => (
              <th
                key={name}
                scope="col"
                className={classOf({ isNumber, isWide })}
                {...(by && { 'aria-sort': by === sort ? 'descending' : 'none' })}
              >
                {by && onSort ? (
                  <button type="button" className="sort" onClick={() => onSort(by)}>
                    {title}
                  </button>
                ) : isUntitled ? (
                  <span className="unseen">{title}</span>
                ) : (
                  title
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {/* The link in the first cell is the keyboard's way. */}
          {rows.map((row) => (
            <tr
              key={keyOf(row)}
              {...(onOpen && {
                onClick: (event) => {
                  if (!(event.target as Element).closest('a, button, summary, input')) onOpen(row)
                },
              })}
              {...(isOpen?.(row) && { 'aria-current': true })}
            >
              {columns.map(({ name, title, cell, isNumber, isWide, isUntitled }) => (
                <td key={name} data-title={isUntitled ? '' : title} className={classOf({ isNumber, isWide })}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

const classOf = ({ isNumber, isWide }: { isNumber?: boolean | undefined; isWide?: boolean | undefined }) =>
  isNumber ? 'number' : isWide ? 'wide' : undefined
