import { Link, useNavigate } from '@tanstack/react-router'
import type { z } from 'zod'
import {
  type StatusChange,
  type statusChangesSchema,
  statusMoves,
} from '../../../../shared/console/statuses.ts'
import { useFormats } from '../format.ts'
import { useAddress } from '../kit/address.ts'
import { Tabs, Time } from '../kit/Page.tsx'
import { PagedTable, usePages } from '../kit/PagedTable.tsx'
import { usePlace } from '../kit/place.ts'
import { Empty } from '../kit/Shown.tsx'
import type { Column } from '../kit/Table.tsx'
import { useSession } from '../session.ts'
import { causeWords } from '../staffWords.ts'
import { useWords } from '../words.ts'
import { statusPageWords } from './words.ts'

const PATH = '/v1/console/statuses/changes'
const names = ['move'] as const
const tabs = ['all', ...statusMoves] as const

/** Who came to another status since then, and why. */
export function Changes({ since, titles }: { since: string; titles: ReadonlyMap<string, string> }) {
  const texts = useWords(statusPageWords)
  const causes = useWords(causeWords)
  const formats = useFormats()
  const navigate = useNavigate()
  const mayOpen = useSession().readings.includes('customers')
  const [{ move }, change] = useAddress(names)
  const { programme } = usePlace()
  const tab = tabs.find((each) => each === move) ?? 'all'
  const asked = { programme, since, move: tab === 'all' ? undefined : tab }
  const pages = usePages<z.infer<typeof statusChangesSchema>>(PATH, asked)
  const titleOf = (name: string | null) => (name === null ? texts.noStatus : (titles.get(name) ?? name))
  const columns: Column<StatusChange>[] = [
    {
      name: 'customer',
      title: texts.customer,
      cell: ({ customer: { id, card, firstName } }) => (
        <span>
          {mayOpen ? (
            <Link to="/customers/$id" params={{ id: String(id) }}>
              {formats.card(card)}
            </Link>
          ) : (
            formats.card(card)
          )}{' '}
          {firstName}
        </span>
      ),
    },
    { name: 'at', title: texts.at, cell: ({ at }) => <Time at={at} /> },
    {
      name: 'change',
      title: texts.change,
      cell: ({ before, after }) => `${titleOf(before)} → ${titleOf(after)}`,
    },
    {
      name: 'why',
      title: texts.why,
      isWide: true,
      cell: ({ cause, reason, until }) =>
        [causes[cause] ?? cause, reason, until && texts.until(formats.lastDay(until))]
          .filter(Boolean)
          .join(', '),
    },
  ]
  return (
    <section className="page">
      <h2>{texts.changes}</h2>
      <Tabs
        label={texts.which}
        tabs={tabs.map((name) => ({ name, title: texts.moves[name] }))}
        current={tab}
        onChange={(name) => change({ move: name === 'all' ? undefined : name })}
      />
      <PagedTable
        pages={pages}
        rows={({ changes }) => changes}
        label={texts.list}
        columns={columns}
        keyOf={({ id }) => id}
        {...(mayOpen && {
          onOpen: ({ customer }: StatusChange) =>
            void navigate({ to: '/customers/$id', params: { id: String(customer.id) } }),
        })}
        empty={<Empty title={texts.noChanges}>{texts.noChangesText}</Empty>}
      />
    </section>
  )
}
