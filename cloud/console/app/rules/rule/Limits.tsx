import { useState } from 'react'
import { Field } from '../../kit/Field.tsx'
import { useWords } from '../../words.ts'
import type { Written } from './draft.ts'
import { type Known, withGone } from './known.ts'
import { NumberField } from './NumberField.tsx'
import { fieldsOf, type Part } from './part.ts'
import { useFaultText } from './useFaultText.ts'
import { ruleFormWords } from './words.ts'

const limits = [
  ...(['cap_points', 'uses', 'lifetime_days', 'activation_days'] as const),
  ...(['budget', 'priority', 'stacking', 'holdout_percent'] as const),
]
const paths = [...limits, 'uses.per_day', 'uses.total', 'stacking.group', 'stacking.how']

/** How much at most, how long it lives, and how it goes together with others. */
export function Limits({ ofBook, ...part }: Part & { ofBook: Known | null }) {
  const texts = useWords(ruleFormWords)
  const { rule, faultAt, set } = part
  const field = fieldsOf(rule, faultAt, set)
  const uses = (rule.uses ?? {}) as Written
  const use = fieldsOf(
    uses,
    (name) => faultAt(`uses.${name}`),
    (change) => set({ uses: unlessEmpty({ ...uses, ...change }) }),
  )
  const [isLimited] = useState(() => limits.some((limit) => rule[limit] !== undefined))
  const hasFault = paths.some((path) => faultAt(path))
  return (
    <details open={isLimited || hasFault}>
      <summary>{ofBook ? texts.limitsOfBook : texts.limits}</summary>
      <div className="fields">
        <NumberField title={texts.cap} {...field('cap_points')} />
        <NumberField title={texts.perDay} {...use('per_day')} />
        <NumberField title={texts.total} {...use('total')} />
        <NumberField title={texts.lifetime} hint={texts.lifetimeHint} {...field('lifetime_days')} />
        {ofBook && <Beside {...part} budgets={ofBook.budgets} />}
      </div>
    </details>
  )
}

/** From which budget it gives, and how it goes together with the others of the book. */
function Beside({ budgets, ...part }: Part & Pick<Known, 'budgets'>) {
  const texts = useWords(ruleFormWords)
  const faultText = useFaultText()
  const { rule, faultAt, set } = part
  const field = fieldsOf(rule, faultAt, set)
  const { group = '', how = 'best' } = (rule.stacking ?? {}) as Written
  return (
    <>
      <NumberField title={texts.activation} hint={texts.activationHint} {...field('activation_days')} />
      <Field
        title={texts.budget}
        value={String(rule.budget ?? '')}
        choices={[{ value: '', title: texts.noBudget }, ...withGone(budgets, [rule.budget])]}
        fault={faultText(faultAt('budget'), 'budget')}
        onChange={(budget) => set({ budget: budget || undefined })}
      />
      <NumberField title={texts.holdout} hint={texts.holdoutHint} {...field('holdout_percent')} />
      <NumberField title={texts.priority} hint={texts.priorityHint} {...field('priority')} />
      <Field
        title={texts.group}
        hint={texts.groupHint}
        value={String(group)}
        longest={64}
        fault={faultText(faultAt('stacking.group'), 'group')}
        onChange={(group) => set({ stacking: group ? { group, how } : undefined })}
      />
      {group !== '' && (
        <Field
          title={texts.how}
          value={String(how)}
          choices={Object.entries(texts.hows).map(([value, title]) => ({ value, title }))}
          fault={faultText(faultAt('stacking.how'), 'how')}
          onChange={(how) => set({ stacking: { group, how } })}
        />
      )}
    </>
  )
}

const unlessEmpty = (part: Written) =>
  Object.values(part).some((value) => value !== undefined) ? part : undefined
