import { Link, useNavigate } from '@tanstack/react-router'
import type { z } from 'zod'
import type { campaignsSchema, ListedCampaign } from '../../../../shared/console/campaigns.ts'
import { useAddress } from '../kit/address.ts'
import { Chip, Page, Tabs, Time, type Tone } from '../kit/Page.tsx'
import { PagedTable, usePages } from '../kit/PagedTable.tsx'
import { usePlace } from '../kit/place.ts'
import { Empty } from '../kit/Shown.tsx'
import type { Column } from '../kit/Table.tsx'
import { useSaying } from '../rules/rule/useSaying.ts'
import { useMay } from '../session.ts'
import { useWords } from '../words.ts'
import { Meter } from './Meter.tsx'
import { saidTime } from './said.ts'
import { campaignWords } from './words.ts'
import './campaigns.css'

const PATH = '/v1/console/campaigns'
const names = ['state', 'sort'] as const
const tabs = ['all', 'running', 'proposed', 'draft', 'paused', 'finished'] as const
export const toneOf: Record<ListedCampaign['state'], Tone> = {
  draft: 'calm',
  proposed: 'warn',
  running: 'good',
  paused: 'warn',
  finished: 'calm',
}

/** What marketers run, by its state, with what it costs. */
export function Campaigns() {
  const texts = useWords(campaignWords)
  const may = useMay()
  const navigate = useNavigate()
  const [search, change] = useAddress(names)
  const tab = tabs.find((each) => each === search.state) ?? 'all'
  const sort = search.sort === 'started' ? 'started' : 'saved'
  const { programme } = usePlace()
  const asked = { programme, sort, state: tab === 'all' ? undefined : tab }
  const pages = usePages<z.infer<typeof campaignsSchema>>(PATH, asked)
  const saying = useSaying()

  const columns: Column<ListedCampaign>[] = [
    {
      name: 'name',
      title: texts.name,
      isWide: true,
      cell: ({ name, title, purpose }) => (
        <span className="titled">
          <Link to="/campaigns/$name" params={{ name }}>
            {title}
          </Link>
          <span className="soft">{purpose}</span>
        </span>
      ),
    },
    { name: 'audience', title: texts.audience, cell: ({ audience }) => audience.title },
    {
      name: 'when',
      title: texts.when,
      cell: ({ from, until }) => <span className="line">{saidTime({ from, until }, saying, texts)}</span>,
    },
    {
      name: 'cost',
      title: texts.cost,
      isNumber: true,
      cell: ({ cost, state }) =>
        state === 'draft' || state === 'proposed' ? <span className="soft">—</span> : <Meter {...cost} />,
    },
    {
      name: 'state',
      title: texts.stateTitle,
      cell: ({ state }) => <Chip tone={toneOf[state]}>{texts.state[state]}</Chip>,
    },
    {
      name: 'moment',
      title: sort === 'saved' ? texts.saved : texts.started,
      cell: ({ savedAt, startedAt }) => <Time at={sort === 'saved' ? savedAt : startedAt} />,
    },
  ]

  return (
    <Page
      title={texts.title}
      actions={
        may('campaign add') && (
          <Link className="button main" to="/new-campaign">
            {texts.add}
          </Link>
        )
      }
    >
      <div className="between">
        <Tabs
          label={texts.which}
          tabs={tabs.map((name) => ({ name, title: texts.states[name] }))}
          current={tab}
          onChange={(name) => change({ state: name === 'all' ? undefined : name })}
        />
        <Tabs
          label={texts.order}
          tabs={(['saved', 'started'] as const).map((name) => ({ name, title: texts.orders[name] }))}
          current={sort}
          onChange={(name) => change({ sort: name === 'saved' ? undefined : name })}
        />
      </div>
      <PagedTable
        pages={pages}
        rows={({ campaigns }) => campaigns}
        label={texts.list}
        columns={columns}
        keyOf={({ name }) => name}
        onOpen={({ name }) => navigate({ to: '/campaigns/$name', params: { name } })}
        empty={<Empty title={texts.none}>{texts.noneText}</Empty>}
      />
    </Page>
  )
}
