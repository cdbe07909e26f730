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
 * Keeps who is in the segments that rule books ask for: within seconds of what became of a customer, and of everybody where
 * a day begins, a book asks for others, or the lowest status is another one. Where no book asks for any, nothing is read.
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

/** The ledger judges by the definitions itself until everybody has been gone through. */
async function noteFollowed(sql: Sql, around: { now: Instant; timeZone: string }): Promise<void> {
  await sql.begin(async (sql) => {
    // Neither a book is published meanwhile nor a segment saved.
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
