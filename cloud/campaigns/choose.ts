import { isHeldOut } from '../../shared/rules/holdout.ts'
import { type Instant, toIso } from '../../shared/time.ts'
import { bigints, booleans, tableOf } from '../database/columns.ts'
import type { Sql } from '../database/connect.ts'
import { customersWithFacts } from '../insight/segments/members.ts'
import { readSegmentsOf } from '../insight/segments/read.ts'
import { conditionIn } from '../ledger/segmentCondition.ts'
import { lockRunning } from './read.ts'

const CUSTOMERS_A_BATCH = 2000

/**
 * Writes down the people of a campaign, once, and which of them are left out: the members of its segment at that moment,
 * however the segment changes later. A batch and its progress are one transaction. False where there is nothing left to
 * do.
 */
export async function chooseSome(
  sql: Sql,
  id: number,
  { now, timeZone }: { now: Instant; timeZone: string },
): Promise<boolean> {
  return await sql.begin(async (sql) => {
    const known = await lockRunning(sql, id)
    if (!known || known.chosenAt !== null) return false
    const { name, audience, holdout_percent: percent } = known.campaign
    const segments = await readSegmentsOf(sql, { programmeId: known.programmeId, now, timeZone })
    const definition = segments.known.get(audience)?.definition
    if (!definition) throw new Error(`there is no segment ${audience} for campaign ${name}`)
    const people = await sql<{ id: number; card: string }[]>`
      select c.id, c.card from ${customersWithFacts(sql, segments)} and c.id > ${known.chosenTo}
        and ${conditionIn(sql, definition, segments)}
      order by c.id limit ${CUSTOMERS_A_BATCH}`
    await sql`
      insert into campaign_people (campaign_id, customer_id, is_held_out)
      select ${id}::int, * from ${tableOf(sql, people, [bigints(({ id }) => id), booleans(({ card }) => isHeldOut(card, { of: name, percent }))])}`
    const last = people.length === CUSTOMERS_A_BATCH ? people.at(-1) : undefined
    await sql`
      update campaigns set chosen_to = ${people.at(-1)?.id ?? known.chosenTo},
        chosen_at = ${last ? null : toIso(now)}
      where id = ${id}`
    return last !== undefined
  })
}
