import { z } from 'zod'
import { instantSchema } from '../operation.ts'
import { idSchema, listQuery, pageOf, programmeQuery } from './list.ts'

export const booksQuerySchema = z.object({ ...programmeQuery, ...listQuery })

/**
 * One thing that is otherwise than in the version before. `path` says where, with rules and statuses by their names:
 * `base.lifetime_days`, `rules.weekend.award.basis_points`. Titles and units are those of the form of a book.
 */
const differenceSchema = z.object({
  path: z.string(),
  part: z.enum(['base', 'rule', 'status', 'status_terms', 'budget', 'limits', 'referral']),
  subject: z
    .object({ id: z.string(), title: z.string() })
    .nullable()
    .describe('the rule, the status or the budget'),
  title: z.string().nullable().describe('of the field; null: all of it'),
  unit: z.string().nullable(),
  before: z.unknown().describe('null: it was not there'),
  after: z.unknown().describe('null: it is not there any more'),
})

const bookVersionSchema = z.object({
  version: idSchema,
  state: z
    .enum(['past', 'current', 'scheduled', 'replaced'])
    .describe('replaced: a newer one begins together with it, so it never holds'),
  validFrom: instantSchema,
  publishedAt: instantSchema,
  publishedBy: z.string(),
  reason: z.string(),
  rules: z.int(),
  statuses: z.int(),
  differences: z.array(differenceSchema).describe('from the one that held before it; of the first one none'),
})

/** The latest published first. */
export const booksSchema = pageOf('books', bookVersionSchema)

export const bookParam = z.object({ version: z.coerce.number().pipe(idSchema) })
export const bookQuerySchema = z.object(programmeQuery)
/** What a budget has given in its present period. */
export const budgetGivenSchema = z.object({
  id: z.string(),
  title: z.string(),
  store: z.string().nullable().describe('null: of all stores together'),
  campaign: z.string().nullable().describe('whose budget it is; null: of the rule book'),
  period: z
    .string()
    .describe('`total`, `2026-01`, `2026-W04` or `2026-01-21`, by the clock of the programme'),
  spent: z.int(),
  limit: z.int(),
  left: z.int(),
})
export type BudgetGiven = z.infer<typeof budgetGivenSchema>

/** The document as it was published: `bookDocumentSchema` of shared/rules reads it. */
export const bookSchema = z.object({
  ...bookVersionSchema.shape,
  document: z.unknown(),
  budgets: z
    .object({ given: z.array(budgetGivenSchema), asOf: instantSchema })
    .nullable()
    .describe('what its budgets have given; null: it is not the current one, or for a part of the stores'),
})
export type Book = z.infer<typeof bookSchema>
