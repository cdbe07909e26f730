import { z } from 'zod'
import { type Instant, toIso } from '../../shared/time.ts'
import type { Tx } from '../database/connect.ts'
import { act } from './act.ts'
import { flagInput, textInput } from './inputs.ts'
import { placeOfProgramme } from './place.ts'
import { findProgramme, programmeInput } from './programmes.ts'

/**
 * Stops all earning and spending of a programme, or undoes that; events of before are still recorded. Always for two
 * people.
 */
export const freezeProgramme = act({
  name: 'programme freeze',
  title: 'Freeze a programme, or undo it',
  input: z.strictObject({ programme: programmeInput, reason: textInput, undo: flagInput }),
  place: (sql, { programme }) => placeOfProgramme(sql, programme),
  async weigh(sql, { programme, undo }) {
    const { programmeId, frozenAt } = await lockProgramme(sql, programme)
    if ((frozenAt === null) === undo) return null
    return { programmeId, effect: null, basis: { frozenSince: frozenAt === null ? null : toIso(frozenAt) } }
  },
  async run(sql, { programme, reason, undo }, { now }) {
    const { programmeId, frozenAt } = await lockProgramme(sql, programme)
    const since = undo ? null : (frozenAt ?? now)
    const result = { programmeId, frozenSince: since === null ? null : toIso(since) }
    if ((frozenAt === null) === undo) return { result, change: null }
    // Registers look at the version with every heartbeat.
    await sql`
      update programmes set frozen_at = ${result.frozenSince}, version = version + 1 where id = ${programmeId}`
    const change = {
      subject: `programme ${programmeId}`,
      before: { isFrozen: undo },
      after: { isFrozen: !undo, reason },
    }
    return { result, change }
  },
})

async function lockProgramme(
  sql: Tx,
  programme: string | undefined,
): Promise<{ programmeId: number; frozenAt: Instant | null }> {
  const { id: programmeId } = await findProgramme(sql, programme)
  const [row] = await sql<{ frozenAt: Instant | null }[]>`
    select frozen_at as "frozenAt" from programmes where id = ${programmeId} for no key update`
  if (!row) throw new Error(`the programme ${programmeId} vanished`)
  return { programmeId, ...row }
}
