import { z } from 'zod'
import { bookDocumentSchema } from '../../shared/rules/book.ts'
import { isTimeZone } from '../../shared/time.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { publishBook } from '../ledger/books.ts'
import { authorName } from '../ledger/rows.ts'
import { ActError, act } from './act.ts'
import { numberInput, textInput } from './inputs.ts'

/** How customers call one, a few and many of what they collect; as text the three have commas between them. */
const pointsInput = z.preprocess(
  (given: string | string[]) => (typeof given === 'string' ? given.split(',') : given),
  z.tuple([textInput, textInput, textInput], 'three words are expected, such as балл,балла,баллов'),
)

/** The programme begins with default settings and a default rule book. */
export const addProgramme = act({
  name: 'programme add',
  title: 'Add a programme',
  input: z.strictObject({
    merchant: textInput,
    name: textInput,
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, 'a code of three letters such as RUB is expected')
      .default('RUB'),
    digits: numberInput(/^[0-4]$/, 'a number from 0 to 4 is expected').default(2),
    /** Absent: that of the cloud. */
    zone: textInput.refine(isTimeZone, 'a time zone such as Europe/Moscow is expected').optional(),
    points: pointsInput.default(['балл', 'балла', 'баллов']),
  }),
  async run(sql, { merchant, name, currency, digits, zone = null, points }, { who, now }) {
    const [programme] = await sql<{ programmeId: number }[]>`
      insert into programmes (merchant, name, currency, minor_digits, time_zone, point_words)
      values (${merchant}, ${name}, ${currency}, ${digits}, ${zone}, ${points})
      on conflict (name) do nothing
      returning id as "programmeId"`
    if (!programme)
      throw new ActError(
        'programme_exists',
        `There is a programme named "${name}" already: see "programme list".`,
      )
    const publication = { document: bookDocumentSchema.parse({}), validFrom: now, now }
    await publishBook(sql, { ...programme, ...publication, by: authorName(who), reason: 'programme add' })
    const after = { merchant, name, currency, digits, zone, points: points.join(', ') }
    return { result: programme, change: { subject: `programme ${programme.programmeId}`, after } }
  },
})

/** Of an act or a question that is about one programme. */
export const programmeInput = textInput.optional()

/** By its number or its name. While there is only one, it need not be said which. */
export async function findProgramme(
  sql: Sql | Tx,
  named: string | undefined,
): Promise<{ id: number; name: string }> {
  const programmes = await sql<{ id: number; name: string }[]>`select id, name from programmes order by id`
  const [only, another] = programmes
  if (named === undefined && only && !another) return only
  const found =
    programmes.find(({ id }) => String(id) === named) ?? programmes.find(({ name }) => name === named)
  if (found) return found
  const list = programmes.map(({ id, name }) => `${id} "${name}"`).join(', ')
  if (named === undefined)
    throw new ActError(
      'programme_missing',
      `There are ${programmes.length} programmes: ${list}. Say which with --programme <id or name>.`,
    )
  throw new ActError('programme_not_found', `There is no programme "${named}". There are: ${list}.`)
}
