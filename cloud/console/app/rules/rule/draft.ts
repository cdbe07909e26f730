import { inLatin } from '../../kit/latin.ts'

/** As it is typed: what the schema makes of it is another matter. */
export type Written = Record<string, unknown>
export interface RuleDraft extends Written {
  when: Written[]
  award: Written
}
export const emptyRule: RuleDraft = { title: '', when: [], award: { type: 'percent', basis_points: 300 } }

/** What is wrong with a field, in the units of the document. */
export interface Fault {
  kind: 'needed' | 'number' | 'least' | 'most' | 'wrong'
  bound?: number
}
export type Faults = ReadonlyMap<string, Fault>

/** What a schema says of a document; of a field the first that it says. */
interface Issue {
  code: string
  path: PropertyKey[]
  input?: unknown
  origin?: string
  minimum?: number | bigint
  maximum?: number | bigint
}

export const faultsOf = (issues: readonly Issue[]): Faults =>
  new Map(issues.map((issue) => [issue.path.join('.'), faultOf(issue)] as const).toReversed())

function faultOf({ code, input, origin, minimum, maximum }: Issue): Fault {
  if (code === 'invalid_type' || code === 'invalid_union')
    return { kind: input === undefined || input === '' ? 'needed' : 'number' }
  if (code === 'too_small')
    return origin === 'string' || origin === 'array'
      ? { kind: 'needed' }
      : { kind: 'least', bound: Number(minimum) }
  if (code === 'too_big') return { kind: 'most', bound: Number(maximum) }
  return { kind: 'wrong' }
}

/** What was left empty is not there. */
export function withoutGaps(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutGaps)
  if (typeof value !== 'object' || value === null) return value
  const said = Object.entries(value).filter(([, part]) => part !== undefined && part !== '')
  return Object.fromEntries(said.map(([key, part]) => [key, withoutGaps(part)]))
}

const LONGEST_BEFORE_MARK = 40

/** A name that nobody has to think of: the title in Latin letters, and what makes it another one than last year's. */
export const nameFor = (title: string, mark: string, otherwise: string): string =>
  `${inLatin(title, LONGEST_BEFORE_MARK) || otherwise}-${mark}`
