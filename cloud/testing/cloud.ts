import { randomUUIDv7 } from 'node:crypto'
import type { Operation, Outcome } from '../../shared/operation.ts'
import { type Instant, toIso } from '../../shared/time.ts'
import { openCodes } from '../access/people/codes.ts'
import { newRegisterKey } from '../access/registers/keys.ts'
import { createLookupCounts } from '../access/registers/lookupCounts.ts'
import { createKeyring } from '../access/registers/registers.ts'
import { hashSecret } from '../access/secrets.ts'
import { testVoucherKey } from '../access/testing/voucherKey.ts'
import { createApp, openDirectDoor } from '../app.ts'
import { createTestDatabase } from '../database/testing.ts'
import type { BuiltFiles } from '../http/builtFiles.ts'
import { createLimiter, createShares, type Limit } from '../http/limits.ts'
import { findHeld } from '../ledger/held.ts'
import { post } from '../ledger/post.ts'
import { createQueue } from '../ledger/queue.ts'
import { createLog } from '../log.ts'
import { unread } from '../metrics/meters.ts'
import { testOperator } from '../people/testing.ts'
import type { FileStore } from '../updates/fileStore.ts'
import { openFolderStore } from '../updates/folderStore.ts'

const FREELY: Limit = { perMinute: 1_000_000, burst: 1_000_000 }

/** What a browser would be shown, without building it. */
const testConsole: BuiltFiles = new Map([
  [
    'index.html',
    { type: 'text/html; charset=utf-8', bytes: new TextEncoder().encode('<!doctype html>'), packed: null },
  ],
])

export const testBotToken = '12345:a-token-for-tests'

export type TestCloud = Awaited<ReturnType<typeof createTestCloud>>

/** The whole cloud without a socket: real routes, real ledger, real Postgres, and a clock that tests may move. */
export async function createTestCloud(
  limits: Partial<
    Record<
      'lookups' | 'missedLookups' | 'requests' | 'failedEnrolments' | 'strangers' | 'operations' | 'people',
      Limit
    >
  > = {},
  updates: FileStore = openFolderStore('no folder'),
) {
  const { sql, url, drop } = await createTestDatabase()
  const clock = { now: Date.now() }
  const now = () => clock.now
  const queue = createQueue(
    (requests) => post(sql, requests, { now }),
    (requests) => findHeld(sql, requests),
  )
  const lines: string[] = []
  const log = createLog('info', { write: (line: string) => lines.push(line) })
  const limiters = {
    ...createShares(),
    lookups: createLimiter(limits.lookups ?? FREELY),
    missedLookups: createLimiter(limits.missedLookups ?? FREELY),
    requests: createLimiter(limits.requests ?? FREELY),
    failedEnrolments: createLimiter(limits.failedEnrolments ?? FREELY),
    strangers: createLimiter(limits.strangers ?? FREELY),
    operations: createLimiter(limits.operations ?? FREELY),
    people: createLimiter(limits.people ?? FREELY),
  }
  const codes = await openCodes(sql)
  const lookups = createLookupCounts({ sql, log })
  const cloud = {
    sql,
    ofOffice: sql,
    queue,
    keyring: createKeyring(sql),
    codes,
    voucherKey: () => testVoucherKey,
    now,
    log,
    holdSeconds: undefined,
    chainName: 'Копилка',
    supportContact: '@kopilka_help',
    joinUrl: 'https://t.me/kopilka_bot',
    operator: testOperator,
    timeZone: 'Europe/Moscow',
    botToken: testBotToken,
    webhook: null,
    botName: () => 'kopilka_bot',
    updates,
    stopping: new AbortController().signal,
    publicUrl: undefined,
    portal: null,
    consoleApp: testConsole,
    meters: unread,
    exposition: null,
    limiters,
    lookups,
  }
  const app = createApp(cloud)

  async function addStore(name: string): Promise<number> {
    const [row] = await sql<{ id: number }[]>`insert into stores (name) values (${name}) returning id`
    return row?.id ?? 0
  }

  async function addRegister(storeId: number, name: string): Promise<{ id: number; key: string }> {
    const key = newRegisterKey()
    const [row] = await sql<{ id: number }[]>`
      insert into registers (store_id, name, key_hash) values (${storeId}, ${name}, ${hashSecret(key)}) returning id`
    return { id: row?.id ?? 0, key }
  }

  async function addCustomer(card: string, points = 0): Promise<void> {
    await sql`insert into customers (card, first_name) values (${card}, 'Анна')`
    if (points > 0) await give(card, points)
  }

  /** Points by hand of an administrator, 10,000 at a time at most. */
  async function give(card: string, points: number): Promise<void> {
    const author = { type: 'admin', name: 'test' } as const
    const base = { kind: 'adjust', at: clock.now, card, author, reason: 'for a test' } as const
    for (let left = points; left > 0; left -= 10_000) {
      await queue.submit([{ ...base, id: randomUUIDv7(), points: Math.min(left, 10_000) }])
    }
  }

  async function request(
    method: string,
    path: string,
    options: { key?: string; json?: unknown; body?: string } = {},
  ) {
    const response = await app.request(path, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(options.key && { authorization: `Bearer ${options.key}`, 'x-store-api-key': options.key }),
      },
      ...(options.json !== undefined && { body: JSON.stringify(options.json) }),
      ...(options.body !== undefined && { body: options.body }),
    })
    return { status: response.status, headers: response.headers, body: await response.json() }
  }

  async function send(
    key: string,
    ...operations: unknown[]
  ): Promise<{ status: number; outcomes: Outcome[] }> {
    const { status, body } = await request('POST', '/v1/operations', { key, json: { operations } })
    return { status, outcomes: (body as { outcomes: Outcome[] }).outcomes }
  }

  return {
    sql,
    url,
    app,
    openDirectDoor: () => openDirectDoor(cloud),
    queue,
    codes,
    clock,
    lines,
    lookups,
    async drop() {
      await lookups.stop()
      await drop()
    },
    addStore,
    addRegister,
    addCustomer,
    give,
    request,
    send,
  }
}

type Wanted<K extends Operation['kind']> = Partial<Extract<Operation, { kind: K }>> & { kind: K }

/** An operation of that kind that only lacks what the test says. */
export function operation<K extends Operation['kind']>(
  clock: { now: Instant },
  wanted: Wanted<K>,
): Operation {
  const defaults = {
    earn: { card: '654321', purchaseKopecks: 100_000 },
    redeem: { card: '654321', purchaseKopecks: 100_000, points: 100 },
    apply: { redeemId: randomUUIDv7() },
    release: { redeemId: randomUUIDv7(), reason: '1C did not take it' },
    refund: { originalId: randomUUIDv7() },
    merge: { card: '654321', otherCard: '123456' },
  }
  return { id: randomUUIDv7(), at: toIso(clock.now), ...defaults[wanted.kind], ...wanted } as Operation
}
