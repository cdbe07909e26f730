import { z } from 'zod'
import { languageSchema } from '../me.ts'
import { instantSchema } from '../operation.ts'
import { textSchema } from '../text.ts'
import { isTimeZone } from '../time.ts'

// What every page of the console says and is told alike. Addresses and answers of `/v1/console/*` are read by both sides
// from the schemas of this folder.

/** Of programmes, stores and registers. */
export const idSchema = z.int().min(1).max(2_000_000_000)
const idQuery = z.coerce.number().pipe(idSchema)

/** The programme that is asked about; the first one that the account sees where nothing is said. */
export const programmeQuery = { programme: idQuery.optional().describe('the first one in sight if left out') }
export const storeQuery = { store: idQuery.optional().describe('all that are in sight if left out') }

/** A point in time as an address says it. */
export const timeQuery = z.iso
  .datetime({ offset: true })
  .transform((text) => Date.parse(text))
  .refine((at) => at >= Date.parse('2000-01-01') && at < Date.parse('3000-01-01'), 'a year from 2000 to 2999')

const LONGEST_PAGE = 200
/** Of a file that is taken away. */
export const LONGEST_EXPORT = 10_000

/** For whom a file is; a program that reads it leaves both out. */
export const fileReaderQuery = {
  language: languageSchema
    .optional()
    .describe(
      'of a file: as the Excel of a person with that language opens it, sums in roubles and shares in percent; left out: for programs',
    ),
  time_zone: textSchema(100)
    .refine(isTimeZone, 'such as Europe/Moscow')
    .optional()
    .describe('of a file: moments by the clock of that place; left out: UTC, as everywhere'),
}

/** `format=csv` answers with a file of the same filters: up to 10,000 rows, and `Link: <…>; rel="next"` where there are more. */
export const listQuery = {
  after: textSchema(200).optional().describe('`next` of the page before'),
  limit: z.coerce.number().int().min(1).max(LONGEST_PAGE).default(50),
  format: z.enum(['json', 'csv']).default('json'),
  ...fileReaderQuery,
}
export const csvQuery = { format: listQuery.format, ...fileReaderQuery }

/** `next` goes into `after` for the page that follows; null at the end. */
export const pageOf = <Name extends string, Item extends z.ZodType>(name: Name, item: Item) =>
  z.object({
    [name]: z.array(item),
    next: z.string().nullable(),
    asOf: instantSchema,
  } as { [Key in Name]: z.ZodArray<Item> } & { next: z.ZodNullable<z.ZodString>; asOf: typeof instantSchema })

export const namedSchema = z.object({ id: idSchema, name: z.string() })

/** What anything was before or after, in the log of changes. */
export const factsSchema = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
  .nullable()
