import type { Condition, Segment } from '../../../shared/segments/definition.ts'
import type { Instant } from '../../../shared/time.ts'
import type { Sql, Tx } from '../../database/connect.ts'
import { conditionIn, type Ground } from '../../ledger/segmentCondition.ts'
import { customersWithFacts } from './members.ts'
import type { Segments } from './read.ts'

const EXAMPLES = 10
/** A segment is compared with at most so many others, in one look at all customers. */
const MOST_COMPARED = 30

export interface Example {
  id: number
  card: string
  firstName: string | null
  purchases: number
  netKopecks: number
  lastPurchaseAt: Instant | null
}

export interface Preview {
  /** All customers of the programme. */
  customers: number
  members: number
  examples: Example[]
  /** How many customers are in each other segment, and in both. */
  overlap: { name: string; title: string; members: number; both: number }[]
}

export async function countMembers(
  sql: Sql | Tx,
  definition: Condition,
  ground: Ground & { programmeId: number },
): Promise<number> {
  const [row] = await sql<{ members: number }[]>`
    select count(*)::int as members from ${customersWithFacts(sql, ground)} and ${conditionIn(sql, definition, ground)}`
  return row?.members ?? 0
}

/** A preview of a segment: how many customers it has, some of them, and how many are in other segments too. */
export async function previewSegment(
  sql: Sql | Tx,
  { name, definition }: { name?: string | undefined; definition: Condition },
  segments: Segments,
): Promise<Preview> {
  const others = [...segments.known.values()]
    .filter((other) => other.name !== name && other.name !== 'all')
    .slice(0, MOST_COMPARED)
  const [{ customers, members, counts }, examples] = await Promise.all([
    countTogether(sql, definition, others, segments),
    readExamples(sql, definition, segments),
  ])
  const overlap = others.map(({ name, title }, place) => ({
    ...{ name, title, members: counts[place]?.[0] ?? 0, both: counts[place]?.[1] ?? 0 },
  }))
  return { customers, members, examples, overlap }
}

/** The latest members. */
export async function readExamples(
  sql: Sql | Tx,
  definition: Condition,
  ground: Ground & { programmeId: number },
): Promise<Example[]> {
  return await sql<Example[]>`
    select c.id, c.card, c.first_name as "firstName", coalesce(f.purchases, 0) as purchases,
      coalesce(f.net_kopecks, 0)::bigint as "netKopecks", f.last_purchase_at as "lastPurchaseAt"
    from ${customersWithFacts(sql, ground)} and ${conditionIn(sql, definition, ground)}
    order by c.id desc limit ${EXAMPLES}`
}

/** The number of members of each segment of a programme. */
export async function countAll(sql: Sql | Tx, segments: Segments): Promise<Map<string, number>> {
  const known = [...segments.known.values()]
  const { counts } = await countTogether(sql, { type: 'all', of: [] }, known, segments)
  return new Map(known.map(({ name }, place) => [name, counts[place]?.[0] ?? 0]))
}

/** Goes through all customers once, and asks each condition once. */
export async function countTogether(
  sql: Sql | Tx,
  definition: Condition,
  others: Segment[],
  segments: Segments,
): Promise<{ customers: number; members: number; counts: [members: number, both: number][] }> {
  const columns = others.map(
    ({ definition }, place) => sql`, ${conditionIn(sql, definition, segments)} as ${sql(`is_${place}`)}`,
  )
  const sums = others.map(
    (_, place) => sql`${place > 0 ? sql`,` : sql``} array[
      count(*) filter (where ${sql(`is_${place}`)}), count(*) filter (where is_in and ${sql(`is_${place}`)})]`,
  )
  const [row] = await sql<{ customers: number; members: number; counts: [number, number][] }[]>`
    select count(*)::int as customers, (count(*) filter (where is_in))::int as members,
      ${others.length > 0 ? sql`to_json(array[${sums}])` : sql`'[]'::json`} as counts
    from (
      select ${conditionIn(sql, definition, segments)} as is_in ${others.length > 0 ? sql`${columns}` : sql``}
      from ${customersWithFacts(sql, segments)} offset 0) judged`
  return row ?? { customers: 0, members: 0, counts: [] }
}
