import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { heardOutcomeSchema } from '../../../shared/operation.ts'
import { createFakeClock } from '../exchange/testing.ts'
import { type CloudClient, createCloudClient } from './client.ts'
import type { Failure, Reply } from './reply.ts'
import { createTestLog, earn } from './testing.ts'

const FOLDER = join(import.meta.dirname, '../../../shared/wire/replies')

interface Kept {
  status: number
  headers?: Record<string, string>
  body: { outcomes?: { id: string }[] }
}

const beat = { queueDepth: 0, oldestQueuedSeconds: null, exchange: 'ok', clockOffsetMs: null }
const parked = { id: earn().id, kind: 'earn', at: earn().at, code: 'in_debt', message: '' }
const askBy: Record<string, (client: CloudClient) => Promise<Reply<unknown>>> = {
  enrol: (client) => client.enrol({ code: 'H9SRMMUJ', name: 'Касса 1' }),
  register: (client) => client.register(),
  customer: (client) => client.customer('654321'),
  changes: (client) => client.changes(null),
  operations: (client) => client.operations([earn()]),
  heartbeat: (client) => client.heartbeat(beat),
  diagnostics: (client) => client.diagnostics({}),
  joins: (client) => client.joins(),
  purchases: (client) => client.purchases({ receipt: 'ТД-000123' }),
  voucher: (client) => client.voucher({ code: 'TR7KX2WQ9P', card: '654321' }),
  hand_over: (client) => client.handOver({ ...parked, card: null, purchaseKopecks: null, points: null }),
}

/** What a register makes of an answer that is not a yes. */
const failures: Record<string, Failure> = {
  'enrol.wrong_code': 'refused',
  'customer.customer_not_found': 'refused',
  'customer.code_altered': 'refused',
  'voucher.not_found': 'refused',
  'voucher.refused': 'refused',
  'customer.code_too_old': 'refused',
  'purchases.older_cloud': 'refused',
  'register.unauthorized': 'unauthorised',
  'operations.unauthorized': 'unauthorised',
  'operations.register_revoked': 'revoked',
  'operations.malformed_request': 'refused',
  'operations.too_many_requests': 'throttled',
  'operations.unavailable': 'unavailable',
  'operations.internal': 'internal',
}

describe('a register understands what a cloud has ever answered', () => {
  test.each(readdirSync(FOLDER).map((file) => file.replace('.json', '')))('%s', async (name) => {
    const {
      status,
      headers = {},
      body,
    }: Kept = JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8'))
    const client = createCloudClient({
      ...{ url: 'https://cloud.example', key: 'kop_secret', version: '1.0.0' },
      fetch: async () => Response.json(body, { status, headers }),
      ...{ clock: createFakeClock(), log: createTestLog().log },
    })
    const ask = askBy[name.split('.')[0] ?? '']
    const reply = await ask?.(client)
    expect(reply).toMatchObject(failures[name] ? { ok: false, failure: failures[name] } : { ok: true })
    if (!reply?.ok || !body.outcomes) return
    // Nothing of it is lost, and the journal gives back what it was given.
    expect(reply.value).toEqual({ outcomes: body.outcomes, unreadIds: [] })
    for (const outcome of body.outcomes) expect(heardOutcomeSchema.parse(outcome)).toEqual(outcome)
  })
})
