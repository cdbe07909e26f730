import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import {
  type RegisterDetail,
  type Registers,
  registerDetailSchema,
  registersQuerySchema,
  registersSchema,
} from '../../../shared/console/places.ts'
import { type Instant, toIso } from '../../../shared/time.ts'
import type { Alert } from '../../fleet/alerts.ts'
import { readDetail } from '../../fleet/detail.ts'
import { choose } from '../../fleet/filter.ts'
import { type FleetRegister, readFleet } from '../../fleet/read.ts'
import type { App, Doors } from '../../http/context.ts'
import { json } from '../../http/describe.ts'
import type { Columns } from '../csv.ts'
import { findInSight, type InSight, outOfSight } from '../sight.ts'
import { notInSight, ofStaff, staffProblems } from './describe.ts'
import { mayRead } from './mayRead.ts'
import { csvReply, jsonOrCsv } from './reply.ts'

const list = createRoute({
  method: 'get',
  path: '/v1/console/registers',
  summary: 'The registers of a programme, as they stand',
  ...ofStaff,
  request: { query: registersQuerySchema },
  responses: {
    200: jsonOrCsv('Those that need a person first.', registersSchema),
    ...staffProblems,
    ...notInSight,
  },
})

const show = createRoute({
  method: 'get',
  path: '/v1/console/registers/{id}',
  summary: 'One register, with what is known of it beyond the list',
  ...ofStaff,
  request: { params: z.object({ id: z.coerce.number().int().min(1).max(2_000_000_000) }) },
  responses: { 200: json('The register.', registerDetailSchema), ...staffProblems, ...notInSight },
})

interface Around extends Doors {
  timeZone: string
}

export function consoleRegisterRoutes(app: App, { sql, now, timeZone }: Around) {
  app.use(list.path, mayRead('registers'))
  app.openapi(list, async (c) => {
    const { format, state, ...asked } = c.req.valid('query')
    const place = await findInSight(sql, c.get('session').person, asked, timeZone)
    const { at, registers: all } = await readFleet(sql, now())
    const chosen = choose(
      all.filter((register) => isIn(place, register)),
      { state, store: null, version: null },
    )
    const found: Registers = { registers: chosen.map(shown), asOf: toIso(at) }
    if (format === 'json') return c.json(found, 200)
    return csvReply(c, { name: 'registers', rows: found.registers, columns })
  })

  app.use(show.path.replace('{id}', ':id'), mayRead('registers'))
  app.openapi(show, async (c) => {
    const detail = await readDetail(sql, c.req.valid('param').id, now())
    if (!detail) throw outOfSight()
    const { register, ...more } = detail
    const place = await findInSight(
      sql,
      c.get('session').person,
      { programme: register.programmeId, store: register.store.id },
      timeZone,
    )
    if (!isIn(place, register)) throw outOfSight()
    const found: RegisterDetail = {
      ...shown(register),
      errors: register.heartbeat?.errors ?? [],
      operations: { ...more.operations, latestAt: iso(more.operations.latestAt) },
      latestAlerts: more.alerts.map(alertOf),
      files: more.files.map((file) => ({ ...file, receivedAt: toIso(file.receivedAt) })),
      changes: more.changes.map(({ at, who, action }) => ({ at: toIso(at), who, action })),
      codeUntil: iso(more.codeUntil),
      asOf: toIso(detail.at),
    }
    return c.json(found, 200)
  })
}

const iso = (at: Instant | null) => (at === null ? null : toIso(at))

const isIn = ({ programmeId, stores }: InSight, register: FleetRegister) =>
  register.programmeId === programmeId && (stores === null || stores.includes(register.store.id))

const alertOf = ({ kind, what, since, endedAt }: Alert) => ({
  ...{ kind, what, since: toIso(since), endedAt: iso(endedAt) },
})

type Shown = Registers['registers'][number]

function shown({ registerId, store, heartbeat, alerts, ...register }: FleetRegister): Shown {
  const { name, programmeId, channel, version, isSilent, concerns } = register
  return {
    ...{ id: registerId, name, programmeId, channel, version, isSilent, concerns },
    store: { id: store.id, name: store.name },
    hours: store.hours,
    lastSeenAt: iso(register.lastSeenAt),
    revokedAt: iso(register.revokedAt),
    diagnosticsAskedAt: iso(register.diagnosticsAskedAt),
    queueDepth: heartbeat?.queueDepth ?? null,
    queuedSince: iso(register.queuedSince),
    exchange: heartbeat?.exchange ?? null,
    parked: heartbeat?.parked ?? null,
    clockOffsetMs: heartbeat?.clockOffsetMs ?? null,
    update: heartbeat?.update ?? null,
    alerts: alerts.map(alertOf),
  }
}

const columns: Columns<Shown> = {
  id: ({ id }) => id,
  store: ({ store }) => store.name,
  register: ({ name }) => name,
  version: ({ version }) => version,
  last_seen_at: ({ lastSeenAt }) => lastSeenAt,
  silent: ({ isSilent }) => isSilent,
  queue: ({ queueDepth }) => queueDepth,
  exchange: ({ exchange }) => exchange,
  parked: ({ parked }) => parked,
  concerns: ({ concerns }) => concerns.join(' '),
  revoked_at: ({ revokedAt }) => revokedAt,
}
