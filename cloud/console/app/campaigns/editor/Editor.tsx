import { useNavigate, useParams } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { campaignSchema } from '../../../../../shared/campaigns/campaign.ts'
import type { Audience, CampaignReply } from '../../../../../shared/console/campaigns.ts'
import { newId } from '../../../../../shared/id.ts'
import { useAddress } from '../../kit/address.ts'
import { Field } from '../../kit/Field.tsx'
import { Page } from '../../kit/Page.tsx'
import { usePlace } from '../../kit/place.ts'
import { Shown } from '../../kit/Shown.tsx'
import { Unsaved } from '../../kit/Unsaved.tsx'
import { useRefusal } from '../../kit/useRefusal.ts'
import { problemOf } from '../../problem.ts'
import { problemText, problemWords } from '../../problemWords.ts'
import { useReading } from '../../reading.ts'
import { DayField } from '../../rules/rule/DayField.tsx'
import { nameFor, type Written } from '../../rules/rule/draft.ts'
import { fieldsOf } from '../../rules/rule/part.ts'
import { useFaultText } from '../../rules/rule/useFaultText.ts'
import { useMay } from '../../session.ts'
import { TrialCard } from '../../trials/TrialCard.tsx'
import { useWords } from '../../words.ts'
import { CampaignOutcome } from '../CampaignOutcome.tsx'
import { useCampaign, useTrying } from '../useCampaign.ts'
import { campaignWords } from '../words.ts'
import { AudienceStep } from './AudienceStep.tsx'
import { type Draft, emptyDraft, readDraft, startingPoints } from './draft.ts'
import { MessageStep } from './MessageStep.tsx'
import { RewardStep } from './RewardStep.tsx'
import { Short } from './Short.tsx'
import { useSaving } from './useSaving.ts'
import { editorWords } from './words.ts'
import '../../kit/editor.css'
import '../campaigns.css'

const names = ['copy'] as const

/** A campaign that is not there yet, empty or like one that is over. */
export function NewCampaign() {
  const [{ copy }] = useAddress(names)
  const like = useCampaign(copy ?? '', { isOn: copy !== undefined })
  if (copy === undefined) return <Form key="new" reply={null} initial={emptyDraft} />
  return (
    <Shown of={like}>
      {({ campaign }) => {
        const { from: _, until: __, rules, ...rest } = campaignSchema.parse(campaign.document)
        const initial = { ...rest, rules: rules.map(({ id: _, from: __, until: ___, ...rule }) => rule) }
        return <Form key={copy} reply={null} initial={initial} />
      }}
    </Shown>
  )
}

export function EditCampaign() {
  const { name } = useParams({ strict: false }) as { name: string }
  const read = useCampaign(name)
  return (
    <Shown of={read}>
      {(reply) => <Form key={name} reply={reply} initial={campaignSchema.parse(reply.campaign.document)} />}
    </Shown>
  )
}

interface Wanted {
  /** Null: it was never saved. */
  reply: CampaignReply | null
  initial: Draft
}

/** Whom, what, when and how much, one step below the other; beside them what that comes to. */
function Form({ reply, initial }: Wanted) {
  const texts = useWords(editorWords)
  const about = useWords(campaignWords)
  const said = useWords(problemWords)
  const sayFault = useFaultText()
  const may = useMay()
  const navigate = useNavigate()
  const { programme } = usePlace()
  const [draft, setDraft] = useState(initial)
  // Fields that are typed in begin anew with another preset.
  const [start, setStart] = useState('')
  const [mark] = useState(() => newId().slice(-4))
  const [typedName, setTypedName] = useState<string | null>(null)
  const [wasAsked, setWasAsked] = useState(false)
  const { form, refuse } = useRefusal()
  const saving = useSaving({ version: reply?.campaign.version ?? 'new', programme })
  const trying = useTrying()
  const segments = useReading<Audience>('/v1/console/audience', { programme, segment: draft.audience })

  const saved = reply && campaignSchema.parse(reply.campaign.document)
  const name = saved?.name ?? saving.name ?? typedName ?? nameFor(draft.title, mark, 'campaign')
  const { campaign, faults } = useMemo(() => readDraft(draft, name), [draft, name])
  // What has no title yet can be said all the same.
  const toSay = useMemo(() => readDraft({ ...draft, title: '—', purpose: '—' }, name).campaign, [draft, name])
  const isChanged = JSON.stringify(campaign) !== JSON.stringify(saved)
  const isUnsaved = saved && campaign ? isChanged : JSON.stringify(draft) !== JSON.stringify(initial)
  const faultAt = (path: string) => (wasAsked ? faults.get(path) : undefined)
  const faultText = (path: string) => sayFault(faultAt(path), path)
  const set = (change: Written) => setDraft((draft) => ({ ...draft, ...change }))
  const field = fieldsOf(draft, faultAt, set)

  /** Answers under which name it is kept now; null: it was not. */
  async function save(): Promise<string | null> {
    setWasAsked(true)
    if (!campaign) refuse()
    if (!campaign || saving.isPending) return null
    return !isChanged || (await saving.save(campaign)) ? campaign.name : null
  }
  async function saveAndShow(search: Record<string, string> = {}) {
    const name = await save()
    if (name)
      await navigate({
        to: '/campaigns/$name',
        params: { name },
        search,
        ignoreBlocker: true,
      })
  }
  async function saveAndTry() {
    const name = await save()
    if (!name) return
    trying.mutate({ name, isWanted: true })
    await navigate({ to: '/campaigns/$name/edit', params: { name }, replace: true, ignoreBlocker: true })
  }

  const known = segments.data?.segments
  const points = useMemo(() => startingPoints(new Set(known?.map(({ name }) => name))), [known])
  const segmentTitle = known?.find(({ name }) => name === draft.audience)?.title ?? draft.audience
  const trial = reply?.trial ?? null
  const stale =
    trial && reply && trial.version !== reply.campaign.version
      ? about.ofVersion(trial.version)
      : isChanged
        ? about.edited
        : null

  return (
    <Page title={saved ? texts.editTitle(saved.title) : texts.newTitle}>
      <Unsaved isChanged={isUnsaved} />
      <form
        ref={form}
        className="editor"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void saveAndShow()
        }}
      >
        <div className="stack" key={start}>
          <section className="card stack" aria-labelledby="step-goal">
            <h2 id="step-goal">{texts.steps.goal}</h2>
            {!reply && points.length > 0 && (
              <Field
                title={texts.begin}
                value={start}
                choices={[
                  { value: '', title: '—' },
                  ...points.map(({ name, title }) => ({ value: name, title })),
                ]}
                onChange={(chosen) => {
                  setStart(chosen)
                  setDraft(points.find(({ name }) => name === chosen)?.draft ?? emptyDraft)
                }}
              />
            )}
            <Field
              title={texts.title}
              hint={texts.titleHint}
              value={draft.title}
              longest={200}
              isRequired
              fault={faultText('title')}
              onChange={(title) => set({ title })}
            />
            <Field
              title={texts.purpose}
              hint={texts.purposeHint}
              value={draft.purpose}
              longest={500}
              isRequired
              fault={faultText('purpose')}
              onChange={(purpose) => set({ purpose })}
            />
            {!reply && saving.name === null && (
              <details>
                <summary>{texts.name}</summary>
                <Field
                  title={texts.name}
                  hint={texts.nameHint}
                  value={name}
                  longest={50}
                  fault={faultText('name')}
                  onChange={setTypedName}
                />
              </details>
            )}
          </section>

          <section className="card stack" aria-labelledby="step-audience">
            <h2 id="step-audience">{texts.steps.audience}</h2>
            <AudienceStep
              programme={programme}
              segment={draft.audience}
              holdout={draft.holdout_percent}
              fault={faultAt('holdout_percent')}
              isChosen={reply !== null && reply.campaign.startedAt !== null}
              onChange={set}
            />
          </section>

          <section className="card stack" aria-labelledby="step-what">
            <h2 id="step-what">{texts.steps.what}</h2>
            <RewardStep
              draft={draft}
              faultAt={faultAt}
              onChange={set}
              onRemoved={() => setStart((before) => `${before} `)}
            />
          </section>

          <section className="card stack" aria-labelledby="step-when">
            <h2 id="step-when">{texts.steps.when}</h2>
            <div className="fields">
              <DayField title={texts.from} hint={texts.fromHint} {...field('from')} />
              <DayField title={texts.until} hint={texts.untilHint} {...field('until')} />
            </div>
          </section>

          <section className="card stack" aria-labelledby="step-message">
            <h2 id="step-message">{texts.steps.message}</h2>
            <MessageStep
              draft={draft}
              campaign={saved?.name}
              faultAt={faultAt}
              onChange={(message) => set({ message })}
            />
          </section>
        </div>

        <div className="aside stack">
          <section className="card stack" aria-label={texts.short}>
            <h2>{texts.short}</h2>
            <Short campaign={toSay} segment={segmentTitle} />
            {wasAsked && !campaign && (
              <p className="problem" role="alert">
                {texts.notWhole}
              </p>
            )}
            {saving.error && (
              <p className="problem" role="alert">
                {problemText(said, problemOf(saving.error), true)}
              </p>
            )}
            <div className="actions">
              <button type="submit" className="main" aria-disabled={saving.isPending}>
                {saving.isPending ? texts.saving : texts.save}
              </button>
              {may('campaign start') && (
                <button type="button" onClick={() => void saveAndShow({ do: 'start' })}>
                  {texts.saveAndStart}
                </button>
              )}
            </div>
          </section>
          <TrialCard
            title={about.trial}
            text={`${about.trialText} ${texts.trySaves}`}
            trial={trial}
            stale={stale}
            onTry={() => void saveAndTry()}
            onStop={() => trying.mutate({ name, isWanted: false })}
            error={trying.error}
          >
            {(result, days) => <CampaignOutcome result={result} days={days} />}
          </TrialCard>
        </div>
      </form>
    </Page>
  )
}
