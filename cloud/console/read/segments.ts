import type { Segment, segmentKinds, segmentsQuerySchema } from '../../../shared/console/segments.ts'
import { toIso } from '../../../shared/time.ts'
import { readSegmentUses, type SegmentUse } from '../../campaigns/segmentUses.ts'
import type { Sql } from '../../database/connect.ts'
import { countAll, countMembers } from '../../insight/segments/preview.ts'
import type { KnownSegment, Segments } from '../../insight/segments/read.ts'

/** The segments of a programme with their sizes, in an order that is the same for every page. */
export async function listSegments(
  sql: Sql,
  segments: Segments,
  { kind, sort }: { kind?: (typeof segmentKinds)[number] | undefined; sort: Sort },
): Promise<Segment[]> {
  const [counts, uses] = await Promise.all([countAll(sql, segments), readSegmentUses(sql, segments)])
  const all = [...segments.known.values()].map((segment) =>
    view(segment, { members: counts.get(segment.name) ?? 0, uses: uses.get(segment.name) ?? [] }),
  )
  return all
    .filter((segment) => kind === undefined || is[kind](segment))
    .sort((a, b) => (sort === 'members' ? b.members - a.members : 0) || compare(a, b))
}

type Sort = (typeof segmentsQuerySchema)['_output']['sort']

const is: Record<(typeof segmentKinds)[number], (segment: Segment) => boolean> = {
  built_in: ({ isBuiltIn }) => isBuiltIn,
  own: ({ isBuiltIn }) => !isBuiltIn,
  used: ({ uses }) => uses.length > 0,
}

const compare = (a: Segment, b: Segment) => a.title.localeCompare(b.title, 'ru') || (a.name < b.name ? -1 : 1)

export async function findSegment(sql: Sql, segments: Segments, name: string): Promise<Segment | null> {
  const segment = segments.known.get(name)
  if (!segment) return null
  const [members, uses] = await Promise.all([
    countMembers(sql, segment.definition, segments),
    readSegmentUses(sql, segments),
  ])
  return view(segment, { members, uses: uses.get(name) ?? [] })
}

const view = (
  { name, title, definition, isBuiltIn, savedAt, savedBy }: KnownSegment,
  counted: { members: number; uses: SegmentUse[] },
): Segment => ({
  ...{ name, title, definition, isBuiltIn, savedBy, ...counted },
  savedAt: savedAt === null ? null : toIso(savedAt),
})
