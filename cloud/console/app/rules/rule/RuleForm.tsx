import { useState } from 'react'
import { Field } from '../../kit/Field.tsx'
import { useWords } from '../../words.ts'
import type { Fault, RuleDraft, Written } from '../../campaigns/editor/draft.ts'
import { NumberField } from './NumberField.tsx'
import { PartField } from './PartField.tsx'
import { awards, conditions, type Variant } from './schema.ts'
import { editorWords } from '../../campaigns/editor/words.ts'

interface Wanted {
  number: number
  rule: RuleDraft
  /** By the path within the rule. */
  faultAt: (path: string) => Fault | undefined
  onChange: (rule: RuleDraft) => void
  onRemove: () => void
}

/** What purchases get by one rule of a campaign: what it gives, to which purchases, and how much at most. */
export function RuleForm({ number, rule, faultAt, onChange, onRemove }: Wanted) {
  const texts = useWords(editorWords)
  const { award, when } = rule
  const uses = (rule.uses ?? {}) as Written
  const set = (change: Written) => onChange({ ...rule, ...change })
  const setUses = (change: Written) => {
    const next = { ...uses, ...change }
    set({ uses: Object.values(next).some((value) => value !== undefined) ? next : undefined })
  }
  const setCondition = (place: number, condition: Written) => set({ when: when.with(place, condition) })
  const unused = conditions.filter(
    ({ type }) => type !== 'segment' && !when.some((each) => each.type === type),
  )
  const title = faultAt('title')
  const [isLimited] = useState(
    () => rule.cap_points !== undefined || rule.uses !== undefined || rule.lifetime_days !== undefined,
  )
  // A share of matching goods is one only where there is a condition on goods.
  const hasItems = when.some(({ type }) => type === 'items') || award.of !== undefined

  return (
    <fieldset className="rule stack">
      <legend>{texts.rule(number)}</legend>
      <Field
        title={texts.ruleTitle}
        hint={texts.ruleTitleHint}
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
          faultAt={(path) => faultAt(`award.${path}`)}
          onChange={(award) => set({ award })}
        />
      </div>
      <h3>{texts.onlyIf}</h3>
      {when.map((condition, place) => {
        const type = String(condition.type)
        const known = conditions.find((each) => each.type === type)
        return (
          <div key={type} className="condition">
            <b>{texts.conditions[type] ?? known?.title ?? type}</b>
            <div className="fields">
              <Variants
                of={conditions}
                value={condition}
                faultAt={(path) => faultAt(`when.${place}${path && `.${path}`}`)}
                onChange={(condition) => setCondition(place, condition)}
              />
            </div>
            <button
              type="button"
              className="quiet"
              aria-label={`${texts.removeCondition}: ${texts.conditions[type] ?? known?.title ?? type}`}
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
      <details open={isLimited}>
        <summary>{texts.limits}</summary>
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
            fault={faultAt('lifetime_days')}
            onChange={(lifetime_days) => set({ lifetime_days })}
          />
        </div>
      </details>
      <div className="actions">
        <button type="button" onClick={onRemove}>
          {texts.removeRule}
        </button>
      </div>
    </fieldset>
  )
}

interface VariantsWanted {
  of: Variant[]
  /** A field that is not for now. */
  without?: string | null
  value: Written
  /** By the path within it; empty: of all of it. */
  faultAt: (path: string) => Fault | undefined
  onChange: (value: Written) => void
}

function Variants({ of: variants, without, value, faultAt, onChange }: VariantsWanted) {
  const texts = useWords(editorWords)
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
            onChange={(part) => onChange({ ...value, [field.name]: part })}
          />
        ))}
      {fault && <p className="fault">{texts.fault(fault, 1)}</p>}
    </>
  )
}
