import { createHash } from 'node:crypto'
import type { Instant } from '../../../shared/time.ts'
import type { Sql } from '../../database/connect.ts'
import { isThroughAll } from '../../feed/progress.ts'
import type { ChangeReader } from '../../feed/reader.ts'
import { readOn } from '../../feed/reader.ts'
import type { Job } from '../../jobs/job.ts'
import { keepAll, keepEach } from './members.ts'
import { readSegments, type Segments } from './read.ts'

const SEGMENTS = 'segments'

/**
 * Keeps the members of the segments that rule books ask for: within seconds of a change of a customer, and of all
 * customers where a day begins, a book asks for other segments, or the lowest status changes. Where no book asks for any,
 * nothing is read.
 */
export function createSegmentFollower({ timeZone }: { timeZone: string }): Job {
  return {
    name: SEGMENTS,
    isContinuous: true,
    work: async (sql, context) => {
      const all = await readSegments(sql, { now: context.now, timeZone })
      const asked = askedOf(all)
      if (asked.size > 0) await readOn(sql, createSegmentReader(asked), context)
      if ([...all.values()].some((segments) => !isNoted(segments)))
        await noteFollowed(sql, { now: context.now, timeZone })
      return {}
    },
  }
}

const askedOf = (all: ReadonlyMap<number, Segments>) =>
  new Map([...all].filter(([, { kept }]) => kept.length > 0))

const namesOf = ({ kept }: Segments) => kept.map(({ name }) => name)

const isNoted = (segments: Segments) => namesOf(segments).join(' ') === segments.followed.join(' ')

/** Tells the ledger which segments are kept for all customers; until then it judges by the definitions itself. */
async function noteFollowed(sql: Sql, around: { now: Instant; timeZone: string }): Promise<void> {
  await sql.begin(async (sql) => {
    // Locked, so that no book is published and no segment saved meanwhile.
    await sql`select from programmes order by id for no key update`
    const all = await readSegments(sql, around)
    const asked = askedOf(all)
    if (asked.size > 0 && !(await isThroughAll(sql, { name: SEGMENTS, basis: basisOf(asked) }))) return
    for (const [programmeId, segments] of all)
      if (!isNoted(segments))
        await sql`update programmes set followed_segments = ${namesOf(segments)}::text[] where id = ${programmeId}`
  })
}

function createSegmentReader(of: ReadonlyMap<number, Segments>): ChangeReader {
  return {
    name: SEGMENTS,
    basis: basisOf(of),
    walk: (sql, customerIds) => keepAll(sql, customerIds, [...of.values()]),
    hear: (sql, customerIds) => keepEach(sql, customerIds, of),
  }
}

function basisOf(of: ReadonlyMap<number, Segments>): string {
  const said = [...of].map(([id, { kept, today, timeZone, entryStatus }]) => [
    ...[id, today, timeZone, entryStatus, kept.map(({ name, definition }) => [name, definition])],
  ])
  return createHash('sha256').update(JSON.stringify(said)).digest('hex').slice(0, 32)
}
