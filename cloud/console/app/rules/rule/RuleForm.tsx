import type { ReactNode } from 'react'
import { Field } from '../../kit/Field.tsx'
import { useWords } from '../../words.ts'
import { Conditions } from './Conditions.tsx'
import { DayField } from './DayField.tsx'
import type { Fault, RuleDraft, Written } from './draft.ts'
import { type Known, withGone } from './known.ts'
import { Limits } from './Limits.tsx'
import { fieldsOf, type Part } from './part.ts'
import { awards } from './schema.ts'
import { useFaultText } from './useFaultText.ts'
import { VariantFields } from './VariantFields.tsx'
import { ruleFormWords } from './words.ts'
import './rule.css'

interface Wanted {
  legend: string
  rule: RuleDraft
  /** What there is to choose from in its book. Null: a campaign says for whom it is, when, and from which budget. */
  ofBook: Known | null
  /** By the path within the rule. */
  faultAt: (path: string) => Fault | undefined
  onChange: (rule: RuleDraft) => void
  /** What can be done with all of it. */
  actions: ReactNode
}

/** One rule: what it gives, to which purchases, and how much at most. */
export function RuleForm({ legend, rule, ofBook, faultAt, onChange, actions }: Wanted) {
  const texts = useWords(ruleFormWords)
  const faultText = useFaultText()
  const { award, when } = rule
  const set = (change: Written) => onChange({ ...rule, ...change })
  const part: Part = { rule, faultAt, set }
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
        fault={faultText(faultAt('title'))}
        onChange={(title) => set({ title })}
      />
      <div className="fields">
        <Field
          title={texts.gives}
          value={String(award.type)}
          choices={awards.map(({ type, title }) => ({ value: type, title: texts.awards[type] ?? title }))}
          onChange={(type) => set({ award: { type } })}
        />
        <VariantFields
          key={String(award.type)}
          of={awards}
          without={hasItems ? null : 'of'}
          value={award}
          known={ofBook}
          faultAt={(path) => faultAt(`award.${path}`)}
          onChange={(award) => set({ award })}
        />
      </div>
      {ofBook && <Reach {...part} segments={ofBook.segments} />}
      <Conditions when={when} known={ofBook} faultAt={faultAt} onChange={(when) => set({ when })} />
      <Limits {...part} ofBook={ofBook} />
      <div className="actions">{actions}</div>
    </fieldset>
  )
}

/** For whom it is, from when until when. */
function Reach({ segments, ...part }: Part & Pick<Known, 'segments'>) {
  const texts = useWords(ruleFormWords)
  const faultText = useFaultText()
  const field = fieldsOf(part.rule, part.faultAt, part.set)
  const { audience } = part.rule
  return (
    <div className="fields">
      <Field
        title={texts.audience}
        value={String(audience ?? '')}
        choices={[{ value: '', title: texts.everybody }, ...withGone(segments, [audience])]}
        fault={faultText(part.faultAt('audience'), 'audience')}
        onChange={(audience) => part.set({ audience: audience || undefined })}
      />
      <DayField title={texts.from} hint={texts.fromHint} {...field('from')} />
      <DayField title={texts.until} hint={texts.untilHint} {...field('until')} />
    </div>
  )
}
