import { type ReactNode, useState } from 'react'
import { type Choice, Field } from '../../kit/Field.tsx'
import { useWords } from '../../words.ts'
import { DayField } from './DayField.tsx'
import type { Fault, RuleDraft, Written } from './draft.ts'
import { NumberField } from './NumberField.tsx'
import { type Known, PartField } from './PartField.tsx'
import { awards, conditions, type Variant } from './schema.ts'
import { ruleFormWords } from './words.ts'
import './rule.css'

/** What a rule of the book says of itself, and one of a campaign has from its campaign. */
interface OfBook {
  segments: Choice[]
  statuses: Choice[]
  budgets: Choice[]
}

interface Wanted {
  legend: string
  rule: RuleDraft
  /** Null: a campaign says for whom it is, when, and from which budget. */
  ofBook: OfBook | null
  /** By the path within the rule. */
  faultAt: (path: string) => Fault | undefined
  onChange: (rule: RuleDraft) => void
  /** What can be done with all of it. */
  actions: ReactNode
}

/** One rule: what it gives, to which purchases, and how much at most. */
export function RuleForm({ legend, rule, ofBook, faultAt, onChange, actions }: Wanted) {
  const texts = useWords(ruleFormWords)
  const { award, when } = rule
  const set = (change: Written) => onChange({ ...rule, ...change })
  const setCondition = (place: number, condition: Written) => set({ when: when.with(place, condition) })
  const known: Known = ofBook ? { statuses: ofBook.statuses, segments: ofBook.segments } : {}
  const unused = conditions.filter(
    ({ type }) => (ofBook || type !== 'segment') && !when.some((each) => each.type === type),
  )
  const title = faultAt('title')
  // A share of matching goods is one only where there is a condition on goods.
  const hasItems = when.some(({ type }) => type === 'items') || award.of !== undefined

  return (
    <fieldset className="rule stack">
      <legend>{legend}</legend>
      <Field
        title={texts.title}
        hint={texts.titleHint}
        value={String(rule.title ?? '')}
        longest={200}
        isRequired
        fault={title ? texts.fault(title, 1) : null}
        onChange={(title) => set({ title })}
      />
      <div className="fields">
        <Field
          title={texts.gives}
          value={String(award.type)}
          choices={awards.map(({ type, title }) => ({ value: type, title: texts.awards[type] ?? title }))}
          onChange={(type) => set({ award: { type } })}
        />
        <Variants
          key={String(award.type)}
          of={awards}
          without={hasItems ? null : 'of'}
          value={award}
          known={known}
          faultAt={(path) => faultAt(`award.${path}`)}
          onChange={(award) => set({ award })}
        />
      </div>
      {ofBook && <Reach rule={rule} ofBook={ofBook} faultAt={faultAt} set={set} />}
      <h3>{texts.onlyIf}</h3>
      {when.map((condition, place) => {
        const type = String(condition.type)
        const variant = conditions.find((each) => each.type === type)
        return (
          <div key={type} className="condition">
            <b>{texts.conditions[type] ?? variant?.title ?? type}</b>
            <div className="fields">
              <Variants
                of={conditions}
                value={condition}
                known={known}
                faultAt={(path) => faultAt(`when.${place}${path && `.${path}`}`)}
                onChange={(condition) => setCondition(place, condition)}
              />
            </div>
            <button
              type="button"
              className="quiet"
              aria-label={`${texts.removeCondition}: ${texts.conditions[type] ?? variant?.title ?? type}`}
              onClick={() => set({ when: when.toSpliced(place, 1) })}
            >
              ✕
            </button>
          </div>
        )
      })}
      <Field
        title={texts.addCondition}
        value=""
        choices={[
          { value: '', title: when.length === 0 ? texts.chooseCondition : texts.anotherCondition },
          ...unused.map(({ type, title }) => ({ value: type, title: texts.conditions[type] ?? title })),
        ]}
        onChange={(type) => type && set({ when: [...when, { type }] })}
      />
      <Limits rule={rule} ofBook={ofBook} faultAt={faultAt} set={set} />
      <div className="actions">{actions}</div>
    </fieldset>
  )
}

interface PartWanted extends Pick<Wanted, 'rule' | 'faultAt'> {
  set: (change: Written) => void
}

/** For whom it is, from when until when. */
function Reach({ rule, ofBook, faultAt, set }: PartWanted & { ofBook: OfBook }) {
  const texts = useWords(ruleFormWords)
  const said = (path: string) => {
    const fault = faultAt(path)
    return fault ? texts.fault(fault, 1, path) : null
  }
  return (
    <div className="fields">
      <Field
        title={texts.audience}
        value={String(rule.audience ?? '')}
        choices={withOwn([{ value: '', title: texts.everybody }, ...ofBook.segments], rule.audience)}
        fault={said('audience')}
        onChange={(audience) => set({ audience: audience || undefined })}
      />
      <DayField
        title={texts.from}
        hint={texts.fromHint}
        value={rule.from}
        fault={said('from')}
        onChange={(from) => set({ from })}
      />
      <DayField
        title={texts.until}
        hint={texts.untilHint}
        value={rule.until}
        fault={said('until')}
        onChange={(until) => set({ until })}
      />
    </div>
  )
}

const limits = [
  ...(['cap_points', 'uses', 'lifetime_days', 'activation_days'] as const),
  ...(['budget', 'priority', 'stacking', 'holdout_percent'] as const),
]
const paths = [...limits, 'uses.per_day', 'uses.total', 'stacking.group', 'stacking.how']

/** How much at most, how long it lives, and how it goes together with others. */
function Limits({ rule, ofBook, faultAt, set }: PartWanted & { ofBook: OfBook | null }) {
  const texts = useWords(ruleFormWords)
  const uses = (rule.uses ?? {}) as Written
  const setUses = (change: Written) => set({ uses: unlessEmpty({ ...uses, ...change }) })
  const [isLimited] = useState(() => limits.some((limit) => rule[limit] !== undefined))
  const hasFault = paths.some((path) => faultAt(path))
  return (
    <details open={isLimited || hasFault}>
      <summary>{ofBook ? texts.limitsOfBook : texts.limits}</summary>
      <div className="fields">
        <NumberField
          title={texts.cap}
          value={rule.cap_points}
          fault={faultAt('cap_points')}
          onChange={(cap_points) => set({ cap_points })}
        />
        <NumberField
          title={texts.perDay}
          value={uses.per_day}
          fault={faultAt('uses.per_day')}
          onChange={(per_day) => setUses({ per_day })}
        />
        <NumberField
          title={texts.total}
          value={uses.total}
          fault={faultAt('uses.total')}
          onChange={(total) => setUses({ total })}
        />
        <NumberField
          title={texts.lifetime}
          hint={texts.lifetimeHint}
          value={rule.lifetime_days}
          name="lifetime_days"
          fault={faultAt('lifetime_days')}
          onChange={(lifetime_days) => set({ lifetime_days })}
        />
        {ofBook && <Beside rule={rule} budgets={ofBook.budgets} faultAt={faultAt} set={set} />}
      </div>
    </details>
  )
}

/** From which budget it gives, and how it goes together with the others of the book. */
function Beside({ rule, budgets, faultAt, set }: PartWanted & { budgets: Choice[] }) {
  const texts = useWords(ruleFormWords)
  const { group = '', how = 'best' } = (rule.stacking ?? {}) as Written
  const said = (path: string, field: string) => {
    const fault = faultAt(path)
    return fault ? texts.fault(fault, 1, field) : null
  }
  return (
    <>
      <NumberField
        title={texts.activation}
        hint={texts.activationHint}
        value={rule.activation_days}
        name="activation_days"
        fault={faultAt('activation_days')}
        onChange={(activation_days) => set({ activation_days })}
      />
      <Field
        title={texts.budget}
        value={String(rule.budget ?? '')}
        choices={withOwn([{ value: '', title: texts.noBudget }, ...budgets], rule.budget)}
        fault={said('budget', 'budget')}
        onChange={(budget) => set({ budget: budget || undefined })}
      />
      <NumberField
        title={texts.holdout}
        hint={texts.holdoutHint}
        value={rule.holdout_percent}
        fault={faultAt('holdout_percent')}
        onChange={(holdout_percent) => set({ holdout_percent })}
      />
      <NumberField
        title={texts.priority}
        hint={texts.priorityHint}
        value={rule.priority}
        fault={faultAt('priority')}
        onChange={(priority) => set({ priority })}
      />
      <Field
        title={texts.group}
        hint={texts.groupHint}
        value={String(group)}
        longest={64}
        fault={said('stacking.group', 'group')}
        onChange={(group) => set({ stacking: group ? { group, how } : undefined })}
      />
      {group !== '' && (
        <Field
          title={texts.how}
          value={String(how)}
          choices={Object.entries(texts.hows).map(([value, title]) => ({ value, title }))}
          fault={said('stacking.how', 'how')}
          onChange={(how) => set({ stacking: { group, how } })}
        />
      )}
    </>
  )
}

const unlessEmpty = (part: Written) =>
  Object.values(part).some((value) => value !== undefined) ? part : undefined

/** What is not there any more stays to be seen, and can be given up. */
const withOwn = (choices: Choice[], own: unknown): Choice[] =>
  typeof own !== 'string' || choices.some(({ value }) => value === own)
    ? choices
    : [...choices, { value: own, title: own }]

interface VariantsWanted {
  of: Variant[]
  /** A field that is not for now. */
  without?: string | null
  value: Written
  known: Known
  /** By the path within it; empty: of all of it. */
  faultAt: (path: string) => Fault | undefined
  onChange: (value: Written) => void
}

function Variants({ of: variants, without, value, known, faultAt, onChange }: VariantsWanted) {
  const texts = useWords(ruleFormWords)
  const variant = variants.find(({ type }) => type === value.type)
  const fault = faultAt('')
  return (
    <>
      {variant?.fields
        .filter(({ name }) => name !== without)
        .map((field) => (
          <PartField
            key={field.name}
            field={field}
            value={value[field.name]}
            fault={faultAt(field.name)}
            known={known}
            onChange={(part) => onChange({ ...value, [field.name]: part })}
          />
        ))}
      {fault && <p className="fault">{texts.fault(fault, 1)}</p>}
    </>
  )
}
