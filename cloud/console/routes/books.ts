import { createRoute } from '@hono/zod-openapi'
import type { Context } from 'hono'
import {
  bookParam,
  bookQuerySchema,
  bookSchema,
  booksQuerySchema,
  booksSchema,
} from '../../../shared/console/books.ts'
import {
  bookTrialQuerySchema,
  bookTrialReplySchema,
  bookTrialRequestSchema,
} from '../../../shared/console/trials.ts'
import { toIso } from '../../../shared/time.ts'
import { checkBook, sentencesOf } from '../../acts/books.ts'
import { permissions } from '../../acts/permissions.ts'
import type { App, Doors, Env } from '../../http/context.ts'
import { body, json } from '../../http/describe.ts'
import { ApiFailure } from '../../http/errors.ts'
import { readBudgets } from '../../ledger/readBudgets.ts'
import { askTrial, cancelTrial, readTrial } from '../../trials/trials.ts'
import type { Columns } from '../csv.ts'
import { numberOf } from '../cursor.ts'
import { type ReadBook, readBooks, tellBudget } from '../read/books.ts'
import { findInSight, outOfSight, refusePart } from '../sight.ts'
import { notInSight, ofStaff, staffProblems } from './describe.ts'
import { mayRead, refuseOtherRoles } from './mayRead.ts'
import { csvReply, jsonOrCsv, rowsOf } from './reply.ts'

const list = createRoute({
  method: 'get',
  path: '/v1/console/books',
  summary: 'The versions of the rule book, and what each changes',
  ...ofStaff,
  request: { query: booksQuerySchema },
  responses: { 200: jsonOrCsv('The latest published first.', booksSchema), ...staffProblems, ...notInSight },
})

const show = createRoute({
  method: 'get',
  path: '/v1/console/books/{version}',
  summary: 'One version of the rule book, as it was published',
  ...ofStaff,
  request: { params: bookParam, query: bookQuerySchema },
  responses: { 200: json('The version.', bookSchema), ...staffProblems, ...notInSight },
})

const ofOneself = 'Each has one of their own. It is asked for by who publishes books.'
const trial = createRoute({
  method: 'get',
  path: '/v1/console/book-trial',
  summary: 'What a book would have given that one has tried, or how far that is',
  description: ofOneself,
  ...ofStaff,
  request: { query: bookTrialQuerySchema },
  responses: { 200: json('The latest one.', bookTrialReplySchema), ...staffProblems, ...notInSight },
})

const startTrial = createRoute({
  method: 'post',
  path: '/v1/console/book-trial',
  summary: 'Work out what purchases of the latest days would have earned by a book that is not published',
  description: `It takes its time: the same address says how far it is. The one before is given up. ${ofOneself}`,
  ...ofStaff,
  request: body(bookTrialRequestSchema),
  responses: { 202: json('It waits for its turn.', bookTrialReplySchema), ...staffProblems, ...notInSight },
})

const cancelOwnTrial = createRoute({
  method: 'delete',
  path: '/v1/console/book-trial',
  summary: 'Give the trial of a book up',
  description: `One that has ended stays as it is. ${ofOneself}`,
  ...ofStaff,
  request: { query: bookTrialQuerySchema },
  responses: { 200: json('How it stands.', bookTrialReplySchema), ...staffProblems, ...notInSight },
})

interface Around extends Doors {
  timeZone: string
}

export function bookRoutes(app: App, { sql, now, timeZone }: Around) {
  app.use(list.path, mayRead('books'))
  app.openapi(list, async (c) => {
    const { format, after, limit: asked, ...place } = c.req.valid('query')
    const { programmeId } = await findInSight(sql, c.get('session').person, place, timeZone)
    const limit = rowsOf({ limit: asked, format })
    const before = numberOf(after)
    const found = await readBooks(sql, { programmeId, before, limit: limit + 1, now: now() })
    const books = found.slice(0, limit).map(({ document: _, ...book }) => book)
    const next = found.length > limit ? String(books.at(-1)?.version) : null
    if (format === 'json') return c.json({ books, next, asOf: toIso(now()) }, 200)
    return csvReply(c, { name: 'books', rows: books, columns, next: next === null ? null : { after: next } })
  })

  app.use(show.path.replace('{version}', ':version'), mayRead('books'))
  app.openapi(show, async (c) => {
    const place = await findInSight(sql, c.get('session').person, c.req.valid('query'), timeZone)
    const at = now()
    const [book] = await readBooks(sql, { ...place, ...c.req.valid('param'), limit: 1, now: at })
    if (!book) throw outOfSight()
    const isGiving = book.state === 'current' && place.stores === null
    const given = isGiving ? await readBudgets(sql, { ...place, now: at }) : null
    return c.json({ ...book, budgets: given && { given: given.map(tellBudget), asOf: toIso(at) } }, 200)
  })

  app.use(trial.path, mayRead('books'))

  async function ownTrial(c: Context<Env>, where: { programme?: number | undefined }) {
    const { person } = c.get('session')
    const place = await findInSight(sql, person, where, timeZone)
    refusePart(place)
    return { programmeId: place.programmeId, askedBy: person.name }
  }
  async function trialOf(whose: { programmeId: number; askedBy: string }) {
    const kept = await readTrial(sql, whose)
    return bookTrialReplySchema.parse({ trial: kept })
  }

  app.openapi(trial, async (c) => c.json(await trialOf(await ownTrial(c, c.req.valid('query'))), 200))

  app.openapi(startTrial, async (c) => {
    const { document: written, follows: version, days, ...where } = c.req.valid('json')
    const whose = await ownTrial(c, where)
    refuseTrying(c)
    const { programmeId, askedBy: by } = whose
    const { document, problems } = await checkBook(sql, programmeId, written)
    if (!document || !isStorable(document))
      throw new ApiFailure(400, 'malformed', `The book cannot be tried. ${sentencesOf(problems)}`)
    await askTrial(sql, { campaignId: null, programmeId, version, document, days, by, now: now() })
    return c.json(await trialOf(whose), 202)
  })

  app.openapi(cancelOwnTrial, async (c) => {
    const whose = await ownTrial(c, c.req.valid('query'))
    refuseTrying(c)
    await cancelTrial(sql, whose, now())
    return c.json(await trialOf(whose), 200)
  })
}

/** A trial is work for the database: it is for those who write books. */
const refuseTrying = (c: Context<Env>) =>
  refuseOtherRoles(c.get('session').person, permissions['book publish'])

/** Postgres keeps neither NUL nor half characters, which JSON writes as these. */
const isStorable = (document: unknown) => !/\\u(0000|d[89a-f])/.test(JSON.stringify(document))

const columns: Columns<Omit<ReadBook, 'document'>> = {
  version: ({ version }) => version,
  state: ({ state }) => state,
  valid_from: ({ validFrom }) => validFrom,
  published_at: ({ publishedAt }) => publishedAt,
  published_by: ({ publishedBy }) => publishedBy,
  reason: ({ reason }) => reason,
  rules: ({ rules }) => rules,
  statuses: ({ statuses }) => statuses,
  changed: ({ differences }) => differences.map(({ path }) => path).join(' '),
}
