import type { z } from 'zod'
import type { Discrepancy, discrepanciesSchema } from '../../../../shared/console/discrepancies.ts'
import { useFormats } from '../format.ts'
import { useAddress } from '../kit/address.ts'
import { Filters } from '../kit/Filters.tsx'
import { OpenList } from '../kit/OpenList.tsx'
import { Page, Tabs, Time } from '../kit/Page.tsx'
import { usePages } from '../kit/PagedTable.tsx'
import { usePlace } from '../kit/place.ts'
import { Empty } from '../kit/Shown.tsx'
import type { Column } from '../kit/Table.tsx'
import { useWords } from '../words.ts'
import { DiscrepancyPanel } from './DiscrepancyPanel.tsx'
import { discrepancyWords } from './words.ts'

const PATH = '/v1/console/discrepancies'
const names = ['kind', 'state', 'after', 'open'] as const
const states = ['open', 'settled', 'all'] as const
const kinds: Discrepancy['kind'][] = ['hold_in_doubt', 'late_apply', 'audit', 'parked']

/** What does not add up, until a person has decided it. */
export function Discrepancies() {
  const texts = useWords(discrepancyWords)
  const formats = useFormats()
  const [search, change] = useAddress(names)
  const { kind, state: wanted } = search
  const state = states.find((each) => each === wanted) ?? 'open'
  const asked = { ...usePlace(), kind, state }
  const pages = usePages<z.infer<typeof discrepanciesSchema>>(PATH, asked)

  const columns: Column<Discrepancy>[] = [
    { name: 'id', title: texts.number, cell: ({ id }) => id },
    { name: 'kind', title: texts.kind, isWide: true, cell: ({ kind }) => texts.kinds[kind] },
    {
      name: 'customer',
      title: texts.customer,
      cell: ({ customer }) =>
        customer ? (
          `${customer.firstName ?? ''} ${formats.card(customer.card)}`
        ) : (
          <span className="soft">—</span>
        ),
    },
    {
      name: 'where',
      title: texts.where,
      cell: ({ store, register }) => [store?.name, register?.name].filter(Boolean).join(' · ') || '—',
    },
    {
      name: 'points',
      title: texts.points,
      isNumber: true,
      cell: ({ hold }) => (hold ? formats.whole(hold.points) : '—'),
    },
    { name: 'filed', title: texts.filed, cell: ({ filedAt }) => <Time at={filedAt} /> },
  ]
  if (state !== 'open')
    columns.push({ name: 'settled', title: texts.settled, cell: ({ settlement }) => settlement ?? '—' })

  return (
    <Page title={texts.title}>
      <Filters
        filters={[
          {
            name: 'kind',
            title: texts.kind,
            choices: kinds.map((value) => ({ value, title: texts.kinds[value] })),
          },
        ]}
        values={search}
        onChange={(changes) => change({ ...changes, open: undefined })}
      >
        <Tabs
          label={texts.which}
          tabs={states.map((name) => ({ name, title: texts.states[name] }))}
          current={state}
          onChange={(name) => change({ state: name === 'open' ? undefined : name, open: undefined })}
        />
      </Filters>
      <OpenList
        pages={pages}
        rows={({ discrepancies }) => discrepancies}
        label={texts.list}
        columns={columns}
        keyOf={({ id }) => id}
        empty={<Empty title={texts.none}>{texts.noneText}</Empty>}
        panel={(discrepancy, close) => (
          <DiscrepancyPanel key={discrepancy.id} discrepancy={discrepancy} onClose={close} />
        )}
      />
    </Page>
  )
}
