import { Field } from '../../kit/Field.tsx'
import { useWords } from '../../words.ts'
import type { Fault, Written } from './draft.ts'
import type { Known } from './known.ts'
import { conditions } from './schema.ts'
import { VariantFields } from './VariantFields.tsx'
import { ruleFormWords } from './words.ts'

interface Wanted {
  when: Written[]
  /** Null: it is a rule of a campaign, which says itself for which segment it is. */
  known: Known | null
  /** By the path within the rule. */
  faultAt: (path: string) => Fault | undefined
  onChange: (when: Written[]) => void
}

/** For which purchases a rule is: each kind of condition once at most. */
export function Conditions({ when, known, faultAt, onChange }: Wanted) {
  const texts = useWords(ruleFormWords)
  const unused = conditions.filter(
    ({ type }) => (known || type !== 'segment') && !when.some((each) => each.type === type),
  )
  const titleOf = (type: string) =>
    texts.conditions[type] ?? conditions.find((each) => each.type === type)?.title ?? type
  return (
    <>
      <h3>{texts.onlyIf}</h3>
      {when.map((condition, place) => {
        const type = String(condition.type)
        return (
          <div key={type} className="condition">
            <b>{titleOf(type)}</b>
            <div className="fields">
              <VariantFields
                of={conditions}
                value={condition}
                known={known}
                faultAt={(path) => faultAt(`when.${place}${path && `.${path}`}`)}
                onChange={(condition) => onChange(when.with(place, condition))}
              />
            </div>
            <button
              type="button"
              className="quiet"
              aria-label={`${texts.removeCondition}: ${titleOf(type)}`}
              onClick={() => onChange(when.toSpliced(place, 1))}
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
          ...unused.map(({ type }) => ({ value: type, title: titleOf(type) })),
        ]}
        onChange={(type) => type && onChange([...when, { type }])}
      />
    </>
  )
}
