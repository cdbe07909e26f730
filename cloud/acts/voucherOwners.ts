import type { Condition } from '../../shared/segments/definition.ts'
import type { Instant } from '../../shared/time.ts'
import type { VoucherAudience } from '../../shared/voucherBatch.ts'
import type { Tx } from '../database/connect.ts'
import { customersWithFacts } from '../insight/segments/members.ts'
import { countMembers } from '../insight/segments/preview.ts'
import { readSegmentsOf } from '../insight/segments/read.ts'
import { conditionIn } from '../ledger/segmentCondition.ts'
import type { Owners } from '../vouchers/batches.ts'

interface Where {
  programmeId: number
  now: Instant
  /** The time zone of programmes that have none of their own. */
  timeZone: string
}

/** The present owners of a batch. Unknown cards are named in the error. */
export async function ownersOf(
  sql: Tx,
  { programmeId, ...around }: Where,
  audience: VoucherAudience,
): Promise<{ owners: Owners; unknown: string[] }> {
  if (audience.type === 'bearer')
    return { owners: Array.from({ length: audience.codes }, () => null), unknown: [] }
  if (audience.type === 'segment') {
    const segments = await readSegmentsOf(sql, { programmeId, ...around })
    const definition = segments.known.get(audience.segment)?.definition
    const members = definition
      ? await sql<{ id: number }[]>`
          select c.id from ${customersWithFacts(sql, segments)} and ${conditionIn(sql, definition, segments)} order by c.id`
      : []
    return { owners: members.map(({ id }) => id), unknown: [] }
  }
  const found = await sql<{ card: string; customerId: number }[]>`
    select card, coalesce(merged_into, id) as "customerId" from customers
    where programme_id = ${programmeId} and card = any(${audience.cards}) and status <> 'erased'`
  const known = new Set(found.map(({ card }) => card))
  return {
    owners: [...new Set(found.map(({ customerId }) => customerId))],
    unknown: audience.cards.filter((card) => !known.has(card)),
  }
}

/**
 * How many codes a batch would have now and, where it is for a segment, its definition; null where there is no such
 * segment.
 */
export async function countCodes(
  sql: Tx,
  { programmeId, ...around }: Where,
  audience: VoucherAudience,
): Promise<{ codes: number; definition: Condition | null }> {
  if (audience.type === 'bearer') return { codes: audience.codes, definition: null }
  if (audience.type === 'cards') return { codes: audience.cards.length, definition: null }
  const segments = await readSegmentsOf(sql, { programmeId, ...around })
  const definition = segments.known.get(audience.segment)?.definition ?? null
  return { codes: definition ? await countMembers(sql, definition, segments) : 0, definition }
}
