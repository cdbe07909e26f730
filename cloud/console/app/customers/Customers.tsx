import { Link, Navigate, useNavigate } from '@tanstack/react-router'
import type { z } from 'zod'
import type { CustomerRow, customersSchema } from '../../../../shared/console/customers.ts'
import { useFormats } from '../format.ts'
import { useAddress } from '../kit/address.ts'
import { Filters } from '../kit/Filters.tsx'
import { Chip, Page, Time, type Tone } from '../kit/Page.tsx'
import { PagedTable, usePages } from '../kit/PagedTable.tsx'
import { usePlace } from '../kit/place.ts'
import { Empty } from '../kit/Shown.tsx'
import type { Column } from '../kit/Table.tsx'
import { useWords } from '../words.ts'
import { OfSegment } from './OfSegment.tsx'
import { customerWords } from './words.ts'

const PATH = '/v1/console/customers'
const names = ['q', 'state', 'segment', 'sort'] as const
export const toneOfState: Record<CustomerRow['state'], Tone> = {
  active: 'good',
  frozen: 'warn',
  erased: 'calm',
}

/** Who has a card; found by whatever of theirs is at hand. */
export function Customers() {
  const texts = useWords(customerWords)
  const formats = useFormats()
  const navigate = useNavigate()
  const [search, change] = useAddress(names)
  const { q, state, segment, sort } = search
  const asked = { ...usePlace(), q, state, segment, sort }
  const pages = usePages<z.infer<typeof customersSchema>>(PATH, asked)

  const columns: Column<CustomerRow>[] = [
    {
      name: 'card',
      title: texts.card,
      cell: (row) => (
        <Link to="/customers/$id" params={{ id: String(row.id) }} search={searchOf(row)}>
          {formats.card(row.card)}
        </Link>
      ),
    },
    {
      name: 'name',
      title: texts.name,
      isWide: true,
      cell: ({ firstName, state, found }) => (
        <span>
          {firstName ?? <span className="soft">{texts.noName}</span>}{' '}
          {state !== 'active' && <Chip tone={toneOfState[state]}>{texts.states[state]}</Chip>}
          {found && found.by !== 'card' && (
            <span className="soft">
              {' '}
              · {texts.found[found.by]} {found.receipt}
            </span>
          )}
        </span>
      ),
    },
    {
      name: 'points',
      title: texts.available,
      isNumber: true,
      sort: 'points',
      cell: ({ available }) => <b>{formats.whole(available)}</b>,
    },
    {
      name: 'waiting',
      title: texts.waiting,
      isNumber: true,
      cell: ({ waiting }) => (waiting > 0 ? formats.whole(waiting) : ''),
    },
    {
      name: 'debt',
      title: texts.debt,
      isNumber: true,
      cell: ({ debt }) => (debt > 0 ? <span className="bad">{formats.whole(debt)}</span> : ''),
    },
    {
      name: 'purchases',
      title: texts.purchases,
      isNumber: true,
      cell: ({ purchases }) => formats.whole(purchases),
    },
    {
      name: 'spent',
      title: texts.spent,
      isNumber: true,
      sort: 'spent',
      cell: ({ netKopecks }) => formats.roubles(netKopecks),
    },
    {
      name: 'last',
      title: texts.last,
      sort: 'last_purchase',
      cell: ({ lastPurchaseAt }) => <Time at={lastPurchaseAt} />,
    },
    {
      name: 'joined',
      title: texts.joined,
      cell: ({ joinedAt }) => <span className="soft line">{formats.day(joinedAt)}</span>,
    },
  ]
  const open = (row: CustomerRow) =>
    void navigate({ to: '/customers/$id', params: { id: String(row.id) }, search: searchOf(row) })

  const only = q && !pages.isLater && !pages.read.isPlaceholderData ? onlyOf(pages.read.data) : null
  // What names one customer alone leads to them.
  if (only)
    return <Navigate to="/customers/$id" params={{ id: String(only.id) }} search={searchOf(only)} replace />
  return (
    <Page title={texts.title}>
      <Filters
        filters={[
          { name: 'q', title: texts.q, kind: 'search', example: texts.qExample },
          {
            name: 'state',
            title: texts.state,
            choices: (['active', 'frozen', 'erased'] as const).map((value) => ({
              value,
              title: texts.states[value],
            })),
          },
        ]}
        values={search}
        onChange={(changes) => change(changes)}
      />
      {segment && <OfSegment name={segment} onLeave={() => change({ segment: undefined })} />}
      <PagedTable
        pages={pages}
        rows={({ customers }) => customers}
        label={texts.list}
        columns={columns}
        keyOf={({ id }) => id}
        onOpen={open}
        sort={sort}
        {...(!q && { onSort: (by: string) => change({ sort: by === sort ? undefined : by }) })}
        empty={
          q || state || segment ? (
            <Empty title={texts.none}>{texts.noneText}</Empty>
          ) : (
            <Empty title={texts.nobody}>{texts.nobodyText}</Empty>
          )
        }
        lines={12}
      />
    </Page>
  )
}

function onlyOf(found: z.infer<typeof customersSchema> | undefined): CustomerRow | null {
  const [only, another] = found?.customers ?? []
  return only && !another ? only : null
}

const searchOf = ({ found }: CustomerRow) => (found?.operationId ? { operation: found.operationId } : {})
