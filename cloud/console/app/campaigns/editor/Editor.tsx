import { useNavigate, useParams } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { type Campaign, campaignSchema } from '../../../../../shared/campaigns/campaign.ts'
import type { Audience, CampaignReply } from '../../../../../shared/console/campaigns.ts'
import { newId } from '../../../../../shared/id.ts'
import { type ActInput, useAct } from '../../acts.ts'
import { useFormats } from '../../format.ts'
import { useAddress } from '../../kit/address.ts'
import { CheckField, Field } from '../../kit/Field.tsx'
import { Page } from '../../kit/Page.tsx'
import { usePlace } from '../../kit/place.ts'
import { Shown } from '../../kit/Shown.tsx'
import { Unsaved } from '../../kit/Unsaved.tsx'
import { useRefusal } from '../../kit/useRefusal.ts'
import { problemOf } from '../../problem.ts'
import { problemText, problemWords } from '../../problemWords.ts'
import { useReading } from '../../reading.ts'
import { DayField } from '../../rules/rule/DayField.tsx'
import { emptyRule, nameFor, type Written } from '../../rules/rule/draft.ts'
import { NumberField } from '../../rules/rule/NumberField.tsx'
import { fieldsOf } from '../../rules/rule/part.ts'
import { RuleForm } from '../../rules/rule/RuleForm.tsx'
import { saidRule } from '../../rules/rule/said.ts'
import { useFaultText } from '../../rules/rule/useFaultText.ts'
import { useSaying } from '../../rules/rule/useSaying.ts'
import { useMay } from '../../session.ts'
import { TrialCard } from '../../trials/TrialCard.tsx'
import { useWords } from '../../words.ts'
import { CampaignOutcome } from '../CampaignOutcome.tsx'
import { saidTime } from '../said.ts'
import { useCampaign, useTrying } from '../useCampaign.ts'
import { campaignWords } from '../words.ts'
import { AudienceStep } from './AudienceStep.tsx'
import { type Draft, emptyDraft, readDraft, startingPoints } from './draft.ts'
import { MessageStep } from './MessageStep.tsx'
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
  // What is read again meanwhile may be of somebody else: this form was not made from it.
  const [follows, setFollows] = useState<number | 'new'>(reply?.campaign.version ?? 'new')
  // What was sent and has had no answer yet; it may be there by now.
  const [unanswered, setUnanswered] = useState<ActInput<'campaign.add'> | null>(null)
  const { form, refuse } = useRefusal()
  const adding = useAct('campaign.add')
  const trying = useTrying()
  const segments = useReading<Audience>('/v1/console/audience', { programme, segment: draft.audience })

  const saved = reply && campaignSchema.parse(reply.campaign.document)
  const name = saved?.name ?? unanswered?.campaign.name ?? typedName ?? nameFor(draft.title, mark, 'campaign')
  const { campaign, faults } = useMemo(() => readDraft(draft, name), [draft, name])
  // What has no title yet can be said all the same.
  const toSay = useMemo(() => readDraft({ ...draft, title: '—', purpose: '—' }, name).campaign, [draft, name])
  const isChanged = JSON.stringify(campaign) !== JSON.stringify(saved)
  const isUnsaved = saved && campaign ? isChanged : JSON.stringify(draft) !== JSON.stringify(initial)
  const faultAt = (path: string) => (wasAsked ? faults.get(path) : undefined)
  const faultText = (path: string) => sayFault(faultAt(path), path)
  const set = (change: Written) => setDraft((draft) => ({ ...draft, ...change }))
  const { rules, gift } = draft
  const field = fieldsOf(draft, faultAt, set)
  const ofGift = fieldsOf(
    gift ?? {},
    (name) => faultAt(`gift.${name}`),
    (change) => set({ gift: { ...gift, ...change } }),
  )

  /** Answers under which name it is kept now; null: it was not. */
  async function save(): Promise<string | null> {
    setWasAsked(true)
    if (!campaign) refuse()
    if (!campaign || adding.isPending) return null
    if (!isChanged) return campaign.name
    let version = follows
    if (unanswered) {
      const earlier = await send(unanswered)
      if (earlier === 'unknown') return null
      if (earlier !== 'refused') version = earlier
    }
    const input = { campaign, follows: version, ...(programme && { programme }) }
    const isSaved = typeof (await send(input)) === 'number'
    return isSaved ? campaign.name : null
  }
  /** Answers as which version it is there; what was sent without an answer is asked again before anything else, which saves it once. */
  async function send(input: ActInput<'campaign.add'>): Promise<number | 'unknown' | 'refused'> {
    setUnanswered(input)
    try {
      const answer = await adding.mutateAsync(input)
      setUnanswered(null)
      if (answer.status !== 'done') return 'refused'
      setFollows(answer.result.version)
      setTypedName(answer.result.campaign)
      return answer.result.version
    } catch (error) {
      if (problemOf(error).isOpen) return 'unknown'
      setUnanswered(null)
      return 'refused'
    }
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
            {!reply && !unanswered && (
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
            {faultAt('rules') && <p className="problem">{texts.gaveNothing}</p>}
            {rules.map((rule, place) => (
              <RuleForm
                // biome-ignore lint/suspicious/noArrayIndexKey: rules have no other name until they are saved
                key={place}
                legend={texts.rule(place + 1)}
                rule={rule}
                ofBook={null}
                faultAt={(path) => faultAt(`rules.${place}.${path}`)}
                onChange={(rule) => set({ rules: rules.with(place, rule) })}
                actions={
                  <button
                    type="button"
                    onClick={() => {
                      set({ rules: rules.toSpliced(place, 1) })
                      setStart((before) => `${before} `)
                    }}
                  >
                    {texts.removeRule}
                  </button>
                }
              />
            ))}
            <div className="actions">
              <button type="button" onClick={() => set({ rules: [...rules, emptyRule] })}>
                {texts.addRule}
              </button>
            </div>
            {rules.length > 0 && (
              <div className="fields">
                <NumberField title={texts.budget} hint={texts.budgetHint} {...field('budget_points')} />
              </div>
            )}
            <CheckField
              title={texts.withGift}
              value={gift !== undefined}
              onChange={(isOn) => set({ gift: isOn ? {} : undefined })}
            />
            {gift && (
              <div className="fields">
                <NumberField title={texts.gift} {...ofGift('points')} />
                <NumberField title={texts.giftBudget} hint={texts.budgetHint} {...ofGift('budget_points')} />
              </div>
            )}
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
            {adding.error && (
              <p className="problem" role="alert">
                {problemText(said, problemOf(adding.error), true)}
              </p>
            )}
            <div className="actions">
              <button type="submit" className="main" aria-disabled={adding.isPending}>
                {adding.isPending ? texts.saving : texts.save}
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

/** The campaign as sentences. */
function Short({ campaign, segment }: { campaign: Campaign | null; segment: string }) {
  const texts = useWords(editorWords)
  const about = useWords(campaignWords)
  const formats = useFormats()
  const saying = useSaying()
  if (!campaign) return <p className="soft">{texts.nothingYet}</p>
  const { rules, gift, message, holdout_percent } = campaign
  return (
    <ul className="plain told">
      <li>
        <b>{segment}</b>{' '}
        <span className="soft">{holdout_percent > 0 ? about.holdout(holdout_percent) : about.nobodyOut}</span>
      </li>
      {rules.map((rule) => (
        <li key={rule.id}>{saidRule(rule, saying)}</li>
      ))}
      {gift && <li>{about.gift(formats.points(gift.points))}</li>}
      {message && <li>{about.message}</li>}
      <li>{saidTime(campaign, saying, about)}</li>
    </ul>
  )
}
