import type { z } from 'zod'
import {
  type Condition,
  definitionSchema,
  plainConditionSchema,
} from '../../../../shared/segments/definition.ts'
import { type FieldSpec, numberOf, specOf } from '../kit/specs.ts'

// A definition as a form has it: what is typed is text, "not" is a mark on whatever it is said of, and the fields of a condition
// are those of its schema.

export type PlainType = z.infer<typeof plainConditionSchema>['type']
export type Group = { type: 'all' | 'any'; of: Part[] }
export type Plain = { type: PlainType; typed: Record<string, string>; chosen: Record<string, string[]> }
export interface Part {
  key: number
  isNot: boolean
  of: Group | Plain
}

/** The fields of each kind of condition, in order. */
export const fieldsOf = new Map<PlainType, FieldSpec[]>(
  plainConditionSchema.options.map(({ shape: { type, ...fields } }) => [
    type.value,
    Object.entries(fields).map(([name, schema]) => specOf(name, schema)),
  ]),
)

let keys = 0
const nextKey = () => ++keys

export function newPlain(type: PlainType): Plain {
  const typed = (fieldsOf.get(type) ?? []).flatMap((field) =>
    field.kind === 'choice' ? [[field.name, field.choices[0] ?? '']] : [],
  )
  return { type, typed: Object.fromEntries(typed), chosen: {} }
}

export const newPart = (of: Group | Plain): Part => ({ key: nextKey(), isNot: false, of })

export const isGroup = (of: Group | Plain): of is Group => of.type === 'all' || of.type === 'any'

/** Money is typed in roubles. */
export const isMoney = (typed: Record<string, string>) => typed.of?.endsWith('_kopecks') ?? false
const isAmount = (name: string) => name === 'min' || name === 'max'
const scaleOf = (name: string, typed: Record<string, string>) => (isAmount(name) && isMoney(typed) ? 100 : 1)

/** The whole is always a group, so that something can be added to it. */
export function draftOf(condition: Condition): Part {
  const part = partOf(condition)
  return isGroup(part.of) && !part.isNot ? part : newPart({ type: 'all', of: [part] })
}

function partOf(condition: Condition): Part {
  switch (condition.type) {
    case 'not': {
      const part = partOf(condition.of)
      return { ...part, isNot: !part.isNot }
    }
    case 'all':
    case 'any':
      return newPart({ type: condition.type, of: condition.of.map(partOf) })
    default:
      return newPart(plainOf(condition))
  }
}

function plainOf({ type, ...fields }: z.infer<typeof plainConditionSchema>): Plain {
  const plain: Plain = { type, typed: {}, chosen: {} }
  const money = { of: 'of' in fields ? fields.of : '' }
  for (const [name, value] of Object.entries(fields))
    if (Array.isArray(value)) plain.chosen[name] = value.map(String)
    else plain.typed[name] = typeof value === 'number' ? String(value / scaleOf(name, money)) : String(value)
  return plain
}

/** What was typed as a definition; null where something is missing or none. */
export function definitionOf(draft: Part): Condition | null {
  const read = definitionSchema.safeParse(conditionOf(draft))
  return read.success ? simple(read.data) : null
}

/** A group of one is that one. */
const simple = (condition: Condition): Condition =>
  condition.type === 'all' && condition.of.length === 1 && condition.of[0] ? condition.of[0] : condition

function conditionOf({ isNot, of }: Part): unknown {
  const said = isGroup(of) ? { type: of.type, of: of.of.map(conditionOf) } : saidOf(of)
  return isNot ? { type: 'not', of: said } : said
}

function saidOf({ type, typed, chosen }: Plain): unknown {
  const values = (fieldsOf.get(type) ?? []).flatMap((field): [string, unknown][] => {
    if (field.kind === 'list')
      return [[field.name, field.isOfNumbers ? chosen[field.name]?.map(Number) : chosen[field.name]]]
    const text = typed[field.name]?.trim() ?? ''
    if (text === '' && field.isOptional) return []
    return [[field.name, field.kind === 'choice' ? text : numberOf(text, scaleOf(field.name, typed))]]
  })
  return { type, ...Object.fromEntries(values) }
}
