import { z } from 'zod'
import { type Instant, toIso } from '../../shared/time.ts'
import { freezeProgramme } from '../acts/freeze.ts'
import { addProgramme, findProgramme, programmeInput } from '../acts/programmes.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { type Command, command, commandOf, type House } from './command.ts'
import { table } from './print.ts'

interface ListedProgramme {
  programmeId: number
  merchant: string
  name: string
  currency: string
  minorDigits: number
  /** Null: that of the cloud. */
  timeZone: string | null
  /** What customers collect is called: the forms for one, a few and many. */
  pointWords: string[]
  /** Since when the programme is frozen: no points are earned or spent in it. */
  frozenSince: string | null
  stores: number
  customers: number
}

async function readProgrammes(sql: Sql | Tx): Promise<ListedProgramme[]> {
  const programmes = await sql<(Omit<ListedProgramme, 'frozenSince'> & { frozenAt: Instant | null })[]>`
      select id as "programmeId", merchant, name, currency, minor_digits as "minorDigits", time_zone as "timeZone",
        point_words as "pointWords", frozen_at as "frozenAt",
        (select count(*) from stores where programme_id = programmes.id) as stores,
        (select count(*) from customers where programme_id = programmes.id and status <> 'erased' and merged_into is null) as customers
      from programmes order by id`
  return programmes.map(({ frozenAt, ...programme }) => ({
    ...programme,
    frozenSince: frozenAt === null ? null : toIso(frozenAt),
  }))
}

export async function listProgrammes({ sql }: House) {
  return { programmes: await readProgrammes(sql) }
}

const showInput = z.strictObject({ programme: programmeInput })

export async function showProgramme({ sql }: House, { programme }: z.output<typeof showInput> = {}) {
  const { id } = await findProgramme(sql, programme)
  const [book] = await sql<{ books: number }[]>`
    select max(version) as books from rule_books where programme_id = ${id}`
  const [found] = (await readProgrammes(sql)).filter(({ programmeId }) => programmeId === id)
  if (!found) throw new Error(`the programme ${id} vanished`)
  return { ...found, bookVersion: book?.books ?? 0 }
}

export const programmeCommands: Record<string, Command> = {
  'programme add': commandOf(addProgramme, {
    usage:
      'programme add --merchant <name> --name <name> [--currency RUB] [--digits 2] [--zone Europe/Moscow] ' +
      '[--points <one>,<few>,<many>]',
    text: ({ programmeId }) =>
      `Added programme ${programmeId}. Next: store add --programme ${programmeId}. From now on, commands about a ` +
      'programme are told which one with --programme.',
  }),
  'programme freeze': commandOf(freezeProgramme, {
    usage: 'programme freeze [--programme <id or name>] --reason <why> [--undo]',
    text: ({ programmeId, frozenSince }) =>
      frozenSince === null
        ? `Programme ${programmeId} goes on: points are earned and spent from now on.`
        : `Programme ${programmeId} is frozen since ${frozenSince}: nobody earns or spends, and tills say so. ` +
          'Undo it with programme freeze --undo.',
  }),
  'programme list': command({
    usage: 'programme list',
    input: z.strictObject({}),
    run: (house) => listProgrammes(house),
    text: ({ programmes }) =>
      table(
        ['id', 'name', 'merchant', 'currency', 'stores', 'customers'],
        programmes.map(({ programmeId, name, merchant, currency, stores, customers }) => [
          ...[programmeId, name, merchant, currency],
          ...[stores, customers],
        ]),
      ),
  }),
  'programme show': command({
    usage: 'programme show [--programme <id or name>]',
    input: showInput,
    run: showProgramme,
    text: (programme) =>
      table(
        ['programme', String(programme.programmeId)],
        [
          ['name', programme.name],
          ['merchant', programme.merchant],
          ['currency', `${programme.currency}, ${programme.minorDigits} digits behind the point`],
          ['time zone', programme.timeZone ?? 'that of the cloud, TIME_ZONE'],
          ['points are called', programme.pointWords.join(', ')],
          ['rule book', `version ${programme.bookVersion}`],
          ['frozen', programme.frozenSince === null ? 'no' : `since ${programme.frozenSince}`],
          ['stores', programme.stores],
          ['customers', programme.customers],
        ],
      ),
  }),
}
