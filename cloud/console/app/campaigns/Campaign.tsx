import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { campaignSchema, type Campaign as Document } from '../../../../shared/campaigns/campaign.ts'
import type { CampaignReply } from '../../../../shared/console/campaigns.ts'
import { useFormats } from '../format.ts'
import { useAddress } from '../kit/address.ts'
import { Chip, Facts, Page, Time } from '../kit/Page.tsx'
import { Shown } from '../kit/Shown.tsx'
import { Who } from '../kit/Who.tsx'
import { saidRule } from '../rules/rule/said.ts'
import { useSaying } from '../rules/rule/useSaying.ts'
import { useMay } from '../session.ts'
import { actWords } from '../staffWords.ts'
import { TrialCard } from '../trials/TrialCard.tsx'
import { useWords } from '../words.ts'
import { CampaignOutcome } from './CampaignOutcome.tsx'
import { toneOf } from './Campaigns.tsx'
import { type Deed, DeedDialog } from './DeedDialog.tsx'
import { MessageCard } from './MessageCard.tsx'
import { Meter } from './Meter.tsx'
import { Results } from './Results.tsx'
import { saidTime } from './said.ts'
import { useCampaign, useTrying } from './useCampaign.ts'
import { campaignWords } from './words.ts'
import './campaigns.css'

const names = ['do'] as const

/** One campaign: whom it is for, what they get, how it stands, and what came of it. */
export function Campaign() {
  const { name } = useParams({ strict: false }) as { name: string }
  const read = useCampaign(name)
  return <Shown of={read}>{(reply) => <Whole key={reply.campaign.name} reply={reply} />}</Shown>
}

function Whole({ reply: { campaign, trial, history } }: { reply: CampaignReply }) {
  const texts = useWords(campaignWords)
  const acts = useWords(actWords)
  const may = useMay()
  const navigate = useNavigate()
  const [search, change] = useAddress(names)
  const trying = useTrying()
  const { name, title, state, version, proposal } = campaign
  const document = campaignSchema.parse(campaign.document)
  const isWaiting = state === 'draft' || state === 'paused'
  const offered: Record<Deed, boolean> = {
    start: isWaiting && may('campaign start'),
    pause: state === 'running' && may('campaign pause'),
    newVersion: state === 'running' && may('campaign pause') && may('campaign add'),
    finish: (state === 'running' || state === 'paused') && may('campaign finish'),
  }
  const [deed, setDeed] = useState(
    () => (Object.keys(offered) as Deed[]).find((each) => each === search.do && offered[each]) ?? null,
  )
  const titles: Record<Deed, string> = {
    start: state === 'paused' ? texts.goOn : texts.start,
    pause: texts.pause,
    newVersion: texts.newVersion,
    finish: texts.finish,
  }
  const editor = () => navigate({ to: '/campaigns/$name/edit', params: { name } })
  const canEdit = (isWaiting || state === 'proposed') && may('campaign add')

  return (
    <Page
      title={title}
      actions={
        <>
          {proposal !== null && (
            <Link className="button" to="/proposals" search={{ open: String(proposal) }}>
              {texts.openProposal(proposal)}
            </Link>
          )}
          {(Object.keys(offered) as Deed[]).map(
            (each) =>
              offered[each] && (
                <button
                  key={each}
                  type="button"
                  {...(each === 'start' && { className: 'main' })}
                  onClick={() => setDeed(each)}
                >
                  {titles[each]}
                </button>
              ),
          )}
          {canEdit && (
            <button type="button" onClick={() => void editor()}>
              {texts.edit}
            </button>
          )}
          {state === 'finished' && may('campaign add') && (
            <Link className="button" to="/new-campaign" search={{ copy: name }}>
              {texts.again}
            </Link>
          )}
        </>
      }
    >
      <p className="chips start">
        <Chip tone={toneOf[state]}>{texts.state[state]}</Chip>
        <Chip>{texts.version(version)}</Chip>
      </p>
      {campaign.startedAt !== null && <Results campaign={campaign} />}
      <div className="columns">
        <section className="card">
          <h2>{texts.about}</h2>
          <Terms campaign={campaign} document={document} />
        </section>
        {(trial || campaign.startedAt === null) && (
          <TrialCard
            title={texts.trial}
            text={texts.trialText}
            trial={trial}
            stale={trial && trial.version !== version ? texts.ofVersion(trial.version) : null}
            onTry={isWaiting && may('campaign add') ? () => trying.mutate({ name, isWanted: true }) : null}
            onStop={may('campaign add') ? () => trying.mutate({ name, isWanted: false }) : null}
            error={trying.error}
          >
            {(result, days) => <CampaignOutcome result={result} days={days} />}
          </TrialCard>
        )}
        {state !== 'finished' && <MessageCard campaign={document} />}
        {history.length > 0 && (
          <section className="card">
            <h2>{texts.history}</h2>
            <ol className="plain past">
              {history.map(({ at, who, act, version }) => (
                <li key={`${at} ${act}`}>
                  <span>
                    {acts[act] ?? act}
                    {version !== null && `, ${texts.version(version)}`}
                  </span>
                  <span className="soft">
                    <Who who={who} /> · <Time at={at} />
                  </span>
                </li>
              ))}
            </ol>
          </section>
        )}
      </div>
      {deed && (
        <DeedDialog
          deed={deed}
          name={name}
          title={titles[deed]}
          text={
            deed === 'start' ? (state === 'paused' ? texts.goOnText : texts.startText) : texts[`${deed}Text`]
          }
          onDone={deed === 'newVersion' ? editor : null}
          onClose={() => {
            setDeed(null)
            if (search.do) void change({ do: undefined })
          }}
        />
      )}
    </Page>
  )
}

interface TermsWanted {
  campaign: CampaignReply['campaign']
  document: Document
}

/** Whom it is for, what they get, when and how much. */
function Terms({ campaign: { audience, purpose, owner, cost, startedAt }, document }: TermsWanted) {
  const texts = useWords(campaignWords)
  const formats = useFormats()
  const saying = useSaying()
  const { holdout_percent, rules, gift, message, budget_points } = document
  const isCounted = startedAt !== null && cost.points !== null
  const facts: [string, ReactNode][] = [
    [texts.purpose, purpose],
    [
      texts.audience,
      <span key="audience">
        {audience.title}{' '}
        <span className="soft">{holdout_percent > 0 ? texts.holdout(holdout_percent) : texts.nobodyOut}</span>
      </span>,
    ],
    [
      texts.what,
      <ul key="what" className="plain">
        {rules.map((rule) => (
          <li key={rule.id}>
            <b>{rule.title}</b>: {saidRule(rule, saying)}
          </li>
        ))}
        {gift && <li>{texts.gift(formats.points(gift.points))}</li>}
      </ul>,
    ],
    ...(message ? [[texts.messageTitle, <q key="m">{message.text}</q>] as [string, ReactNode]] : []),
    [texts.when, saidTime(document, saying, texts)],
    [
      isCounted ? texts.cost : texts.budget,
      !isCounted ? (
        budgetText({ cost, budget_points, gift })
      ) : (
        <Meter key="cost" points={cost.points} budget={cost.budget} />
      ),
    ],
    [texts.owner, <Who key="owner" who={owner} />],
  ]
  return <Facts facts={facts} />

  function budgetText({ cost, budget_points, gift }: BudgetWanted): string {
    if (cost.budget !== null) return texts.budgetOf(formats.points(cost.budget))
    const hasOne = [budget_points, gift?.budget_points].some((part) => part !== undefined)
    return hasOne ? texts.partBudget : texts.noBudget
  }
}

type BudgetWanted = Pick<CampaignReply['campaign'], 'cost'> & Pick<Document, 'gift' | 'budget_points'>
