import { DEEPEST } from '../../../../shared/segments/definition.ts'
import { Checks, Field } from '../kit/Field.tsx'
import type { FieldSpec } from '../kit/specs.ts'
import { useWords } from '../words.ts'
import type { Choices } from './choices.ts'
import {
  fieldsOf,
  type Group,
  isGroup,
  isMoney,
  newPart,
  newPlain,
  type Part,
  type Plain,
  type PlainType,
} from './draft.ts'
import { segmentWords } from './words.ts'

interface Wanted {
  part: Part
  /** Of how many it lies within, itself among them; a "not" counts like one. */
  depth: number
  choices: Choices
  onChange: (part: Part) => void
}

const types = [...fieldsOf.keys()]

/** Conditions that are true together, or one of them. */
export function GroupFields({ part, depth, choices, onChange }: Wanted) {
  const texts = useWords(segmentWords)
  if (!isGroup(part.of)) return null
  const group: Group = part.of
  const change = (of: Part[]) => onChange({ ...part, of: { ...group, of } })
  const inner = depth + 1
  return (
    <fieldset className="group">
      <legend className="unseen">{texts.groupTitle}</legend>
      <select
        aria-label={texts.groupTitle}
        value={group.type}
        onChange={({ target }) =>
          onChange({ ...part, of: { ...group, type: target.value === 'any' ? 'any' : 'all' } })
        }
      >
        <option value="all">{texts.groups.all}</option>
        <option value="any">{texts.groups.any}</option>
      </select>
      {group.of.length === 0 && (
        <p className="soft">{group.type === 'all' ? texts.emptyGroup : texts.emptyAny}</p>
      )}
      {group.of.map((each, place) => (
        <div key={each.key} className="part">
          <label className="check" title={texts.notTitle}>
            <input
              type="checkbox"
              checked={each.isNot}
              onChange={({ target }) => change(group.of.with(place, { ...each, isNot: target.checked }))}
            />
            {texts.not}
          </label>
          {isGroup(each.of) ? (
            <GroupFields
              part={each}
              depth={inner + (each.isNot ? 1 : 0)}
              choices={choices}
              onChange={(changed) => change(group.of.with(place, changed))}
            />
          ) : (
            <PlainFields
              plain={each.of}
              choices={choices}
              onChange={(of) => change(group.of.with(place, { ...each, of }))}
            />
          )}
          <button
            type="button"
            className="quiet"
            aria-label={texts.removePart}
            onClick={() => change(group.of.toSpliced(place, 1))}
          >
            ✕
          </button>
        </div>
      ))}
      <div className="actions">
        <button type="button" onClick={() => change([...group.of, newPart(newPlain(types[0] ?? 'consent'))])}>
          {texts.addCondition}
        </button>
        {/* What is added must have room for a condition, and for its "not". */}
        {inner + 2 <= DEEPEST && (
          <button
            type="button"
            className="quiet"
            onClick={() => change([...group.of, newPart({ type: 'any', of: [] })])}
          >
            {texts.addGroup}
          </button>
        )}
      </div>
    </fieldset>
  )
}

function PlainFields({
  plain,
  choices,
  onChange,
}: {
  plain: Plain
  choices: Choices
  onChange: (plain: Plain) => void
}) {
  const texts = useWords(segmentWords)
  return (
    <div className="fields">
      <Field
        title={texts.condition}
        value={plain.type}
        choices={types.map((value) => ({ value, title: texts.types[value] ?? value }))}
        onChange={(type) => onChange(newPlain(type as PlainType))}
      />
      {(fieldsOf.get(plain.type) ?? []).map((field) => (
        <OneField key={field.name} {...{ field, plain, choices, onChange }} />
      ))}
    </div>
  )
}

function OneField({
  field,
  plain,
  choices,
  onChange,
}: {
  field: FieldSpec
  plain: Plain
  choices: Choices
  onChange: (plain: Plain) => void
}) {
  const texts = useWords(segmentWords)
  const { name } = field
  const title = texts.fields[name] ?? name
  if (field.kind === 'list')
    return (
      <Checks
        title={title}
        values={plain.chosen[name] ?? []}
        choices={choices[field.isOfNumbers ? 'ids' : 'names']}
        onChange={(values) => onChange({ ...plain, chosen: { ...plain.chosen, [name]: values } })}
      />
    )
  const isInRoubles = field.isOptional && isMoney(plain.typed)
  return (
    <Field
      title={isInRoubles ? `${title}, ${texts.inRoubles}` : title}
      value={plain.typed[name] ?? ''}
      onChange={(value) => onChange({ ...plain, typed: { ...plain.typed, [name]: value } })}
      {...(field.kind === 'choice'
        ? { choices: field.choices.map((value) => ({ value, title: texts.choices[value] ?? value })) }
        : { kind: 'number' as const, longest: 12 })}
    />
  )
}
