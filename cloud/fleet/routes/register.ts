import { createRoute } from '@hono/zod-openapi'
import {
  heartbeatReplySchema,
  heartbeatSchema,
  operationFields,
  registerReplySchema,
} from '../../../shared/api.ts'
import { joinUrlOf } from '../../../shared/joinCode.ts'
import { toIso } from '../../../shared/time.ts'
import type { Codes } from '../../access/people/codes.ts'
import { saveHeartbeat } from '../../access/registers/registers.ts'
import { payAsRegister, registerOnly } from '../../http/auth.ts'
import type { App, Doors } from '../../http/context.ts'
import { body, commonProblems, json, ofRegister } from '../../http/describe.ts'
import { programmeAt, readRules, readRulesVersion } from '../../ledger/programme.ts'
import { openHoldsOfRegister } from '../../ledger/read.ts'
import { readJoinCode } from '../../people/joins.ts'

const self = createRoute({
  method: 'get',
  path: '/v1/register',
  summary: 'Who this register is, the rules, and what it has to settle',
  ...ofRegister,
  responses: { 200: json('The register.', registerReplySchema), ...commonProblems },
})

const heartbeat = createRoute({
  method: 'post',
  path: '/v1/heartbeat',
  summary: 'How the register is',
  ...ofRegister,
  request: body(heartbeatSchema),
  responses: {
    200: json('What the register compares itself with.', heartbeatReplySchema),
    ...commonProblems,
  },
})

interface Around extends Doors {
  codes: Pick<Codes, 'publicKey'>
  holdSeconds: number | undefined
  timeZone: string
  supportContact: string | undefined
  joinUrl: string | undefined
}

export function registerRoutes(app: App, cloud: Around) {
  app.use('/v1/register', registerOnly(cloud), payAsRegister(cloud, 'requests'))
  app.use('/v1/heartbeat', registerOnly(cloud), payAsRegister(cloud, 'requests'))

  app.openapi(self, async (c) => {
    const { store, programmeId, ...register } = c.get('register')
    const now = cloud.now()
    const [rules, holds, joinCode] = await Promise.all([
      readRules(cloud.sql, {
        programmeId,
        since: now,
        holdSeconds: cloud.holdSeconds,
        timeZone: cloud.timeZone,
      }),
      openHoldsOfRegister(cloud.sql, store.id, register.id),
      cloud.joinUrl ? readJoinCode(cloud.sql, { id: register.id, programmeId }) : null,
    ])
    const reply = {
      store,
      register,
      programme: programmeAt(rules, now),
      books: rules.books.map(
        ({ version, validFrom, timeZone: _, isPartial: __, referral: ___, ...document }) => ({
          ...{ version, validFrom: toIso(validFrom), document },
        }),
      ),
      ...(rules.frozenAt !== null && { frozenSince: toIso(rules.frozenAt) }),
      settingsVersion: rules.version,
      serverTime: toIso(now),
      toSettle: holds.map((hold) => ({ ...hold, until: toIso(hold.until) })),
      updateChannel: register.channel,
      codeKey: cloud.codes.publicKey,
      timeZone: rules.timeZone,
      operationFields: [...operationFields],
      ...(cloud.supportContact && { supportContact: cloud.supportContact }),
      ...(cloud.joinUrl && { joinUrl: cloud.joinUrl }),
      ...(cloud.joinUrl && joinCode && { joinHereUrl: joinUrlOf(cloud.joinUrl, joinCode) }),
    }
    return c.json(reply, 200)
  })

  app.openapi(heartbeat, async (c) => {
    const now = cloud.now()
    const { id, programmeId } = c.get('register')
    const told = await saveHeartbeat(cloud.sql, id, c.req.valid('json'), now)
    const version = await readRulesVersion(cloud.sql, programmeId)
    const wanted = told.diagnosticsWanted ? told : {}
    return c.json({ serverTime: toIso(now), settingsVersion: version, ...wanted }, 200)
  })
}
