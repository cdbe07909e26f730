import { createRoute } from '@hono/zod-openapi'
import {
  batchesQuerySchema,
  batchesSchema,
  codeQuerySchema,
  codeSchema,
  type VoucherBatchRow,
} from '../../../shared/console/vouchers.ts'
import { toIso } from '../../../shared/time.ts'
import { readVoucherCode } from '../../../shared/voucherCode.ts'
import type { App, Doors } from '../../http/context.ts'
import { body, json, problem } from '../../http/describe.ts'
import { ApiFailure } from '../../http/errors.ts'
import type { Columns } from '../csv.ts'
import { numberOf } from '../cursor.ts'
import { findCode, listBatches } from '../read/vouchers.ts'
import { findInSight, refusePart } from '../sight.ts'
import { notInSight, ofStaff, staffProblems } from './describe.ts'
import { mayRead } from './mayRead.ts'
import { csvReply, jsonOrCsv, rowsOf } from './reply.ts'

const list = createRoute({
  method: 'get',
  path: '/v1/console/vouchers',
  summary: 'Batches of vouchers, with what became of their codes',
  ...ofStaff,
  request: { query: batchesQuerySchema },
  responses: { 200: jsonOrCsv('The newest first.', batchesSchema), ...staffProblems, ...notInSight },
})

const find = createRoute({
  method: 'post',
  path: '/v1/console/vouchers/code',
  summary: 'Where one code stands, and who showed it',
  description:
    'Posted, since a code is worth money and addresses are written down. Nothing is changed by it.',
  ...ofStaff,
  request: body(codeQuerySchema),
  responses: {
    200: json('As of now.', codeSchema),
    ...staffProblems,
    404: problem(
      'voucher_not_found: there is no such code. out_of_sight: of the programme a part is in sight, or none.',
    ),
  },
})

interface Around extends Doors {
  timeZone: string
}

export function consoleVoucherRoutes(app: App, { sql, now, timeZone, voucherKey }: Around) {
  app.use(list.path, mayRead('vouchers'))
  app.use(`${list.path}/*`, mayRead('vouchers'))

  app.openapi(list, async (c) => {
    const { format, after, limit, state, ...where } = c.req.valid('query')
    const place = await findInSight(sql, c.get('session').person, where, timeZone)
    refusePart(place)
    const asked = { ...place, now: now(), state, below: numberOf(after), limit: rowsOf({ limit, format }) }
    const found = await listBatches(sql, asked)
    const next = found.next === null ? null : String(found.next)
    if (format === 'json') return c.json({ batches: found.batches, next, asOf: toIso(now()) }, 200)
    const more = next === null ? null : { after: next }
    return csvReply(c, { name: 'vouchers', rows: found.batches, columns, next: more })
  })

  app.openapi(find, async (c) => {
    const { code, ...where } = c.req.valid('json')
    const place = await findInSight(sql, c.get('session').person, where, timeZone)
    refusePart(place)
    const read = readVoucherCode(code)
    const found = read && (await findCode(sql, { ...place, now: now(), hash: voucherKey().hash(read) }))
    if (!found) throw new ApiFailure(404, 'voucher_not_found', 'There is no such voucher.')
    return c.json({ ...found, asOf: toIso(now()) }, 200)
  })
}

const columns: Columns<VoucherBatchRow> = {
  id: ({ id }) => id,
  title: ({ title }) => title,
  gives: ({ terms }) => terms.gives.type,
  state: ({ state }) => state,
  from: ({ terms }) => terms.from,
  until: ({ terms }) => terms.until,
  audience: ({ audience }) => audience.type,
  codes: ({ codes }) => codes,
  voided: ({ voided }) => voided,
  held: ({ held }) => held,
  used: ({ used }) => used,
  used_codes: ({ usedCodes }) => usedCodes,
  given_kopecks: ({ givenKopecks }) => givenKopecks,
  created_at: ({ createdAt }) => createdAt,
  created_by: ({ createdBy }) => createdBy,
  exported_at: ({ exportedAt }) => exportedAt,
  voided_at: ({ voidedAt }) => voidedAt,
  void_reason: ({ voidReason }) => voidReason,
}
