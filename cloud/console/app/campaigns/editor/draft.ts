import { type Campaign, campaignSchema } from '../../../../../shared/campaigns/campaign.ts'
import { type Preset, presets } from '../../../../../shared/rules/presets.ts'
import { inLatin } from '../../kit/latin.ts'

/** As it is typed: what the schema makes of it is another matter. */
export type Written = Record<string, unknown>
export interface RuleDraft extends Written {
  when: Written[]
  award: Written
}
export interface Draft extends Written {
  title: string
  purpose: string
  audience: string
  rules: RuleDraft[]
  gift?: Written | undefined
  message?: Written | undefined
}

export const emptyDraft: Draft = { title: '', purpose: '', audience: 'all', holdout_percent: 10, rules: [] }
export const emptyRule: RuleDraft = { title: '', when: [], award: { type: 'percent', basis_points: 300 } }

/** What is wrong with a field, in the units of the document. */
export interface Fault {
  kind: 'needed' | 'number' | 'least' | 'most' | 'wrong'
  bound?: number
}

export interface ReadDraft {
  /** Null: something of it is wrong. */
  campaign: Campaign | null
  faults: ReadonlyMap<string, Fault>
}

export function readDraft(draft: Draft, name: string): ReadDraft {
  const read = campaignSchema.safeParse(withoutGaps({ ...draft, name, rules: withIds(draft.rules, name) }), {
    reportInput: true,
  })
  if (read.success) return { campaign: read.data, faults: new Map() }
  const faults = new Map(
    read.error.issues.map((issue) => [issue.path.join('.'), faultOf(issue)] as const).toReversed(),
  )
  return { campaign: null, faults }
}

type Issue =
  ReturnType<typeof campaignSchema.safeParse> extends { error?: infer E }
    ? E extends { issues: (infer I)[] }
      ? I
      : never
    : never

function faultOf(issue: Issue): Fault {
  if (issue.code === 'invalid_type' || issue.code === 'invalid_union')
    return { kind: issue.input === undefined || issue.input === '' ? 'needed' : 'number' }
  if (issue.code === 'too_small') {
    const bound = Number(issue.minimum)
    return issue.origin === 'string' || issue.origin === 'array'
      ? { kind: 'needed' }
      : { kind: 'least', bound }
  }
  if (issue.code === 'too_big') return { kind: 'most', bound: Number(issue.maximum) }
  return { kind: 'wrong' }
}

/** An id is never used again with another meaning: it follows from the name of the campaign. */
function withIds(rules: RuleDraft[], name: string): Written[] {
  const taken = new Set(rules.map(({ id }) => id))
  let number = 0
  return rules.map((rule) => {
    if (typeof rule.id === 'string') return rule
    do number += 1
    while (taken.has(`${name}-${number}`))
    return { ...rule, id: `${name}-${number}` }
  })
}

/** What was left empty is not there. */
function withoutGaps(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutGaps)
  if (typeof value !== 'object' || value === null) return value
  const said = Object.entries(value).filter(([, part]) => part !== undefined && part !== '')
  return Object.fromEntries(said.map(([key, part]) => [key, withoutGaps(part)]))
}

const LONGEST_BEFORE_MARK = 40

/** A name that nobody has to think of: the title in Latin letters, and what makes it another one than last year's. */
export function nameFor(title: string, mark: string): string {
  return `${inLatin(title, LONGEST_BEFORE_MARK) || 'campaign'}-${mark}`
}

export interface StartingPoint {
  name: string
  title: string
  draft: Draft
}

/** The presets of the book that this programme can run, those of a segment for the segment. */
export function startingPoints(segments: ReadonlySet<string>): StartingPoint[] {
  return presets.flatMap((preset) => {
    const audience = audienceOf(preset)
    if (!segments.has(audience)) return []
    const { id: _, when, ...rule } = preset.rule
    const draft = {
      ...{ ...emptyDraft, title: preset.title, audience },
      rules: [{ ...rule, when: when.filter(({ type }) => type !== 'segment') }],
    }
    return [{ name: preset.name, title: preset.title, draft }]
  })
}

function audienceOf({ rule: { when } }: Preset): string {
  const asked = when.find((condition) => condition.type === 'segment')
  return asked?.type === 'segment' ? (asked.in?.[0] ?? '') : 'all'
}
