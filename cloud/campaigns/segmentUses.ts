import { segmentsAskedBy } from '../../shared/rules/facts.ts'
import type { Sql, Tx } from '../database/connect.ts'
import type { Segments } from '../insight/segments/read.ts'
import { type KnownCampaign, listCampaigns } from './read.ts'

/**
 * A use of a segment: by a rule of a book that is valid, was valid days ago or will be, or by a campaign that has not
 * ended.
 */
export interface SegmentUse {
  by: 'rule' | 'campaign'
  name: string
  title: string
}

/** The uses of each segment, by its name. */
export async function readSegmentUses(
  sql: Sql | Tx,
  { programmeId, rules }: Pick<Segments, 'programmeId' | 'rules'>,
): Promise<Map<string, SegmentUse[]>> {
  const uses = new Map<string, SegmentUse[]>()
  for (const [segment, asking] of rules)
    uses.set(
      segment,
      asking.map(({ id, title }) => ({ by: 'rule', name: id, title })),
    )
  for (const known of await listCampaigns(sql, programmeId)) {
    if (known.state === 'finished') continue
    const { name, title } = known.campaign
    for (const segment of segmentsOf(known))
      uses.set(segment, [...(uses.get(segment) ?? []), { by: 'campaign', name, title }])
  }
  return uses
}

const segmentsOf = ({ campaign: { audience, rules } }: KnownCampaign) =>
  new Set([audience, ...segmentsAskedBy({ rules })])
