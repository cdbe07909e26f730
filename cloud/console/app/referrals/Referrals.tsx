import type { z } from 'zod'
import type { Referral, referralsSchema } from '../../../../shared/console/referrals.ts'
import { useFormats } from '../format.ts'
import { useAddress } from '../kit/address.ts'
import { OpenList } from '../kit/OpenList.tsx'
import { Page, Tabs, Time } from '../kit/Page.tsx'
import { usePages } from '../kit/PagedTable.tsx'
import { usePlace } from '../kit/place.ts'
import { Empty } from '../kit/Shown.tsx'
import type { Column } from '../kit/Table.tsx'
import { useWords } from '../words.ts'
import { ReferralPanel } from './ReferralPanel.tsx'
import { referralWords } from './words.ts'

const PATH = '/v1/console/referrals'
const names = ['state', 'after', 'open'] as const
const tabs = ['flagged', 'waiting', 'rewarded', 'rejected', 'taken_back', 'all'] as const

/** Who came by whose link; those that wait for a person come first. */
export function Referrals() {
  const texts = useWords(referralWords)
  const formats = useFormats()
  const [search, change] = useAddress(names)
  const tab = tabs.find((each) => each === search.state) ?? 'flagged'
  const asked = { ...usePlace(), state: tab === 'all' ? undefined : tab }
  const pages = usePages<z.infer<typeof referralsSchema>>(PATH, asked)

  const columns: Column<Referral>[] = [
    { name: 'friend', title: texts.friend, cell: ({ referee }) => formats.card(referee.card) },
    { name: 'by', title: texts.by, cell: ({ referrer }) => formats.card(referrer.card) },
    { name: 'invited', title: texts.invitedAt, cell: ({ invitedAt }) => <Time at={invitedAt} /> },
    {
      name: 'state',
      title: texts.stateTitle,
      isWide: true,
      cell: ({ state, reason }) =>
        [texts.state[state], reason && texts.reasons[reason]].filter(Boolean).join(': '),
    },
    {
      name: 'where',
      title: texts.where,
      cell: ({ purchase }) =>
        [purchase?.store?.name, purchase?.register?.name].filter(Boolean).join(' · ') || '—',
    },
  ]

  return (
    <Page title={texts.title}>
      <Tabs
        label={texts.which}
        tabs={tabs.map((name) => ({ name, title: texts.states[name] }))}
        current={tab}
        onChange={(name) =>
          change({ state: name === 'flagged' ? undefined : name, after: undefined, open: undefined })
        }
      />
      <OpenList
        pages={pages}
        rows={({ referrals }) => referrals}
        label={texts.list}
        columns={columns}
        keyOf={({ referee }) => referee.id}
        empty={<Empty title={texts.none}>{texts.noneText}</Empty>}
        panel={(referral, close) => (
          <ReferralPanel key={referral.referee.id} referral={referral} onClose={close} />
        )}
      />
    </Page>
  )
}
