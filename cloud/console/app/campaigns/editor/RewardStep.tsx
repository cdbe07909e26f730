import { CheckField } from '../../kit/Field.tsx'
import { emptyRule, type Fault, type Written } from '../../rules/rule/draft.ts'
import { NumberField } from '../../rules/rule/NumberField.tsx'
import { fieldsOf } from '../../rules/rule/part.ts'
import { RuleForm } from '../../rules/rule/RuleForm.tsx'
import { useWords } from '../../words.ts'
import type { Draft } from './draft.ts'
import { editorWords } from './words.ts'

interface Wanted {
  draft: Draft
  faultAt: (path: string) => Fault | undefined
  onChange: (change: Written) => void
  /** The rules behind the removed one have another place: their fields begin anew. */
  onRemoved: () => void
}

/** What people get: rules for their purchases, a gift, or both. */
export function RewardStep({ draft, faultAt, onChange, onRemoved }: Wanted) {
  const texts = useWords(editorWords)
  const { rules, gift } = draft
  const field = fieldsOf(draft, faultAt, onChange)
  const ofGift = fieldsOf(
    gift ?? {},
    (name) => faultAt(`gift.${name}`),
    (change) => onChange({ gift: { ...gift, ...change } }),
  )
  return (
    <>
      {faultAt('rules') && <p className="problem">{texts.gaveNothing}</p>}
      {rules.map((rule, place) => (
        <RuleForm
          // biome-ignore lint/suspicious/noArrayIndexKey: rules have no other name until they are saved
          key={place}
          legend={texts.rule(place + 1)}
          rule={rule}
          ofBook={null}
          faultAt={(path) => faultAt(`rules.${place}.${path}`)}
          onChange={(rule) => onChange({ rules: rules.with(place, rule) })}
          actions={
            <button
              type="button"
              onClick={() => {
                onChange({ rules: rules.toSpliced(place, 1) })
                onRemoved()
              }}
            >
              {texts.removeRule}
            </button>
          }
        />
      ))}
      <div className="actions">
        <button type="button" onClick={() => onChange({ rules: [...rules, emptyRule] })}>
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
        onChange={(isOn) => onChange({ gift: isOn ? {} : undefined })}
      />
      {gift && (
        <div className="fields">
          <NumberField title={texts.gift} {...ofGift('points')} />
          <NumberField title={texts.giftBudget} hint={texts.budgetHint} {...ofGift('budget_points')} />
        </div>
      )}
    </>
  )
}
