import { createRoute } from '@hono/zod-openapi'
import {
  bookParam,
  bookQuerySchema,
  bookSchema,
  booksQuerySchema,
  booksSchema,
} from '../../../shared/console/books.ts'
import { toIso } from '../../../shared/time.ts'
import type { App, Doors } from '../../http/context.ts'
import { json } from '../../http/describe.ts'
import type { Columns } from '../csv.ts'
import { numberOf } from '../cursor.ts'
import { type ReadBook, readBooks } from '../read/books.ts'
import { findInSight, outOfSight } from '../sight.ts'
import { notInSight, ofStaff, staffProblems } from './describe.ts'
import { mayRead } from './mayRead.ts'
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
    const { person } = c.get('session')
    const { programmeId } = await findInSight(sql, person, c.req.valid('query'), timeZone)
    const { version } = c.req.valid('param')
    const [book] = await readBooks(sql, { programmeId, version, limit: 1, now: now() })
    if (!book) throw outOfSight()
    return c.json(book, 200)
  })
}

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
