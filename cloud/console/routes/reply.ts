import type { Context } from 'hono'
import { z } from 'zod'
import { fileReaderQuery, LONGEST_EXPORT } from '../../../shared/console/list.ts'
import { json } from '../../http/describe.ts'
import { type Columns, csvOf } from '../csv.ts'

/** How the answer of a list is described: the same also as a file. */
export function jsonOrCsv<T extends z.ZodType>(description: string, schema: T) {
  const { content } = json(description, schema)
  return { description, content: { ...content, 'text/csv': { schema: z.string() } } }
}

/** How many rows: a page has its own bound, a file that of files. */
export const rowsOf = ({ limit, format }: { limit: number; format: 'json' | 'csv' }) =>
  format === 'csv' ? LONGEST_EXPORT : limit

const fileReaderSchema = z.object(fileReaderQuery)

interface File<Row> {
  /** Without what files end in. */
  name: string
  rows: readonly Row[]
  columns: Columns<Row>
  /** What has the address of the rest, where there is more than a file takes. */
  next?: Record<string, string> | null
}

export function csvReply<Row>(c: Context, { name, rows, columns, next = null }: File<Row>): Response {
  c.header('Content-Type', 'text/csv; charset=utf-8')
  c.header('Content-Disposition', `attachment; filename="${name}.csv"`)
  if (next) {
    const query = new URLSearchParams({ ...c.req.query(), ...next })
    c.header('Link', `<${c.req.path}?${query}>; rel="next"`)
  }
  const { language, time_zone: timeZone } = fileReaderSchema.parse(c.req.query())
  return c.body(csvOf(rows, columns, { language, timeZone }))
}
