import { z } from 'zod'
import { segmentName } from '../../shared/rules/rule.ts'
import { type Segment, segmentSchema } from '../../shared/segments/definition.ts'
import { DEFAULT_TIME_ZONE, toIso } from '../../shared/time.ts'
import { listRunning } from '../campaigns/read.ts'
import { readSegmentUses } from '../campaigns/segmentUses.ts'
import { countMembers } from '../insight/segments/preview.ts'
import { readSegmentsOf } from '../insight/segments/read.ts'
import { authorName } from '../ledger/rows.ts'
import { unfollowSegment } from '../ledger/segments.ts'
import { ActError, act } from './act.ts'
import { flagInput } from './inputs.ts'
import { placeOfProgramme } from './place.ts'
import { findProgramme, programmeInput } from './programmes.ts'

/** Saves a segment under its name, also in the place of an earlier one, built in or not. */
export const addSegment = act({
  name: 'segment add',
  title: 'Save a segment',
  input: z.strictObject({
    segment: segmentSchema,
    /** Refused where the name is taken. */
    isNew: flagInput,
    programme: programmeInput,
  }),
  place: (sql, { programme }) => placeOfProgramme(sql, programme),
  async run(sql, { segment, isNew, programme }, { who, now, timeZone = DEFAULT_TIME_ZONE }) {
    const { id: programmeId } = await findProgramme(sql, programme)
    const { name, title, definition } = segment
    // No book is published meanwhile that asks for it as it was.
    await sql`select from programmes where id = ${programmeId} for no key update`
    const { kept, known, ...ground } = await readSegmentsOf(sql, { programmeId, now, timeZone })
    const before = known.get(name)
    if (isNew && before)
      throw new ActError(
        'segment_exists',
        `There is a segment "${name}": save this one under another name. Nothing was changed.`,
      )
    // Running campaigns and approved books may depend on its members.
    const running = await listRunning(sql)
    const isAsked =
      kept.some((segment) => segment.name === name) ||
      running.some(({ campaign, ...of }) => of.programmeId === programmeId && campaign.audience === name)
    if (isAsked || name === 'all')
      throw new ActError(
        'segment_in_use',
        `${isAsked ? `A rule book or a campaign asks for "${name}"` : 'Everybody is in "all"'}: save this one under another name. Nothing was changed.`,
      )
    await sql`
      insert into segments (programme_id, name, title, definition, saved_at, saved_by)
      values (${programmeId}, ${name}, ${title}, ${JSON.stringify(definition)}::text::jsonb, ${toIso(now)}, ${authorName(who)})
      on conflict (programme_id, name) do update set title = excluded.title, definition = excluded.definition,
        saved_at = excluded.saved_at, saved_by = excluded.saved_by`
    await unfollowSegment(sql, programmeId, name)
    const members = await countMembers(sql, definition, { ...ground, programmeId })
    return {
      result: { name, members, isNew: before === undefined },
      change: {
        subject: `segment ${name} of programme ${programmeId}`,
        ...(before && { before: written(before) }),
        after: written(segment),
      },
    }
  },
})

/** Removes a saved segment that nothing depends on; a built-in one of the same name is there again. */
export const removeSegment = act({
  name: 'segment remove',
  title: 'Remove a segment',
  input: z.strictObject({ name: segmentName, programme: programmeInput }),
  place: (sql, { programme }) => placeOfProgramme(sql, programme),
  async run(sql, { name, programme }, { now, timeZone = DEFAULT_TIME_ZONE }) {
    const { id: programmeId } = await findProgramme(sql, programme)
    // No book is published meanwhile that asks for it.
    await sql`select from programmes where id = ${programmeId} for no key update`
    const segments = await readSegmentsOf(sql, { programmeId, now, timeZone })
    const before = segments.known.get(name)
    if (!before || before.isBuiltIn)
      throw new ActError('segment_not_found', `Nobody has saved a segment "${name}". Nothing was changed.`)
    const uses = (await readSegmentUses(sql, segments)).get(name) ?? []
    if (uses.length > 0)
      throw new ActError(
        'segment_in_use',
        `"${name}" is asked for by ${uses.map(({ by, name }) => `the ${by} ${name}`).join(', ')}. Nothing was changed.`,
      )
    await sql`delete from segments where programme_id = ${programmeId} and name = ${name}`
    await unfollowSegment(sql, programmeId, name)
    return {
      result: { name },
      change: {
        subject: `segment ${name} of programme ${programmeId}`,
        before: written(before),
      },
    }
  },
})

const written = ({ title, definition }: Segment) => ({ title, definition: JSON.stringify(definition) })
