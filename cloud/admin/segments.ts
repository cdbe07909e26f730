import { z } from 'zod'
import { segmentSchema } from '../../shared/segments/definition.ts'
import { moment } from '../../shared/time.ts'
import { InputError, perform } from '../acts/act.ts'
import { textInput } from '../acts/inputs.ts'
import { findProgramme, programmeInput } from '../acts/programmes.ts'
import { addSegment, removeSegment } from '../acts/segments.ts'
import { countAll, countMembers, previewSegment } from '../insight/segments/preview.ts'
import { type KnownSegment, readSegmentsOf, type Segments } from '../insight/segments/read.ts'
import { type Command, command, commandOf, type House } from './command.ts'
import { rubles, table } from './print.ts'
import { readWrittenFile } from './writtenFile.ts'

type OfProgramme = { programme?: string | undefined }

async function segmentsOf({ sql, now, timeZone }: House, { programme }: OfProgramme): Promise<Segments> {
  const { id: programmeId } = await findProgramme(sql, programme)
  return await readSegmentsOf(sql, { programmeId, now, timeZone })
}

async function readSegmentFile(file: string) {
  const read = segmentSchema.safeParse(await readWrittenFile(file))
  if (read.success) return read.data
  const problems = read.error.issues.map(
    ({ path, message }) => `${path.join('.') || 'the document'}: ${message}.`,
  )
  throw new InputError(`${file} is no segment. ${problems.join(' ')}`)
}

function find({ known }: Segments, name: string): KnownSegment {
  const segment = known.get(name)
  if (segment) return segment
  throw new InputError(`There is no segment "${name}". There are: ${[...known.keys()].join(', ')}.`)
}

const shown = ({ name, title, isBuiltIn, savedAt, savedBy }: KnownSegment, { kept }: Segments) => ({
  ...{ name, title, isBuiltIn, isAsked: kept.some((one) => one.name === name) },
  ...{ savedAt: savedAt === null ? null : moment(savedAt), savedBy },
})

async function listSegments(house: House, input: OfProgramme) {
  const segments = await segmentsOf(house, input)
  const counts = await countAll(house.sql, segments)
  return {
    segments: [...segments.known.values()].map((segment) => ({
      ...{ ...shown(segment, segments), members: counts.get(segment.name) ?? 0 },
    })),
  }
}

async function showSegment(house: House, { name, ...input }: OfProgramme & { name: string }) {
  const segments = await segmentsOf(house, input)
  const segment = find(segments, name)
  const members = await countMembers(house.sql, segment.definition, segments)
  return { ...shown(segment, segments), members, definition: segment.definition }
}

/** Of a file that is not saved, or of a segment by its name. */
async function preview(house: House, { what, ...input }: OfProgramme & { what: string }) {
  const segments = await segmentsOf(house, input)
  const segment = segments.known.get(what) ?? (await readSegmentFile(what))
  return { name: segment.name, ...(await previewSegment(house.sql, segment, segments)) }
}

export const segmentCommands: Record<string, Command> = {
  'segment list': command({
    usage: 'segment list [--programme <id or name>]',
    input: z.strictObject({ programme: programmeInput }),
    run: listSegments,
    text: ({ segments }) =>
      table(
        ['name', 'title', 'members', 'built in', 'a book asks for it', 'saved (UTC)', 'by'],
        segments.map(({ name, title, members, isBuiltIn, isAsked, savedAt, savedBy }) => [
          ...[name, title, members, isBuiltIn ? 'yes' : '', isAsked ? 'yes' : '', savedAt, savedBy],
        ]),
      ),
  }),
  'segment show': command({
    usage: 'segment show <name> [--programme <id or name>]',
    input: z.strictObject({ name: textInput, programme: programmeInput }),
    positionals: ['name'],
    run: showSegment,
    text: ({ name, title, members, isAsked, definition }) =>
      `${name}, "${title}": ${members} customers${isAsked ? '; a rule book asks for it' : ''}.\n\n` +
      JSON.stringify(definition, null, 2),
  }),
  'segment preview': command({
    usage: 'segment preview <file or name> [--programme <id or name>]',
    input: z.strictObject({ what: z.string().min(1), programme: programmeInput }),
    positionals: ['what'],
    run: preview,
    text: ({ members, customers, examples, overlap }) =>
      [
        `${members} of ${customers} customers.`,
        ...(examples.length === 0
          ? []
          : [
              table(
                ['card', 'name', 'purchases', 'rubles', 'last purchase (UTC)'],
                examples.map(({ card, firstName, purchases, netKopecks, lastPurchaseAt }) => [
                  ...[card, firstName, purchases, rubles(netKopecks)],
                  lastPurchaseAt === null ? null : moment(lastPurchaseAt),
                ]),
              ),
            ]),
        table(
          ['segment', 'title', 'members', 'in both'],
          overlap.map(({ name, title, members, both }) => [name, title, members, both]),
        ),
      ].join('\n\n'),
  }),
  'segment add': command({
    usage: 'segment add <file> [--programme <id or name>]',
    input: z.strictObject({ file: z.string().min(1), programme: programmeInput }),
    positionals: ['file'],
    run: async (house, { file, programme }) =>
      await perform(addSegment, { segment: await readSegmentFile(file), programme }, house),
    text: ({ name, members, isNew }) =>
      `Segment ${name} was ${isNew ? 'added' : 'changed'}: ${members} customers are in it.`,
  }),
  'segment remove': commandOf(removeSegment, {
    usage: 'segment remove <name> [--programme <id or name>]',
    positionals: ['name'],
    text: ({ name }) => `Segment ${name} was removed.`,
  }),
}
