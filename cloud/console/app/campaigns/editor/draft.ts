import { type Campaign, campaignSchema } from '../../../../../shared/campaigns/campaign.ts'
import { type Preset, presets } from '../../../../../shared/rules/presets.ts'
import { type Faults, faultsOf, type RuleDraft, type Written, withoutGaps } from '../../rules/rule/draft.ts'

/** As it is typed: what the schema makes of it is another matter. */
export interface Draft extends Written {
  title: string
  purpose: string
  audience: string
  rules: RuleDraft[]
  gift?: Written | undefined
  message?: Written | undefined
}

export const emptyDraft: Draft = { title: '', purpose: '', audience: 'all', holdout_percent: 10, rules: [] }

export interface ReadDraft {
  /** Null: something of it is wrong. */
  campaign: Campaign | null
  faults: Faults
}

export function readDraft(draft: Draft, name: string): ReadDraft {
  const read = campaignSchema.safeParse(withoutGaps({ ...draft, name, rules: withIds(draft.rules, name) }), {
    reportInput: true,
  })
  if (read.success) return { campaign: read.data, faults: new Map() }
  return { campaign: null, faults: faultsOf(read.error.issues) }
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
