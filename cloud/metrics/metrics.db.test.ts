import { randomUUIDv7 } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toIso } from '../../shared/time.ts'
import { newRegisterKey } from '../access/registers/keys.ts'
import { hashSecret } from '../access/secrets.ts'
import { readConfig } from '../config.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { type RunningCloud, serveCloud } from '../serve.ts'
import { createMetrics } from './metrics.ts'
import { readExposition } from './testing.ts'

const log = pino({ level: 'silent' })
const token = 'a-token-of-prometheus'
const card = '654321'
const operation = (kind: string, rest: object = {}) => ({
  ...{ kind, id: randomUUIDv7(), at: toIso(Date.now()), card, purchaseKopecks: 100_000, ...rest },
})

describe('a running cloud', () => {
  let database: TestDatabase
  let cloud: RunningCloud
  let key: string
  const start = (env: Record<string, string>) =>
    serveCloud(readConfig({ DATABASE_URL: database.url, PORT: '0', ...env }), log)
  const send = (...operations: object[]) =>
    fetch(`${cloud.url}/v1/operations`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ operations }),
    })
  const scrape = async () => readExposition(await (await fetch(cloud.metricsUrl ?? '', { headers })).text())
  const headers = { authorization: `Bearer ${token}` }

  beforeAll(async () => {
    database = await createTestDatabase()
    const { sql } = database
    key = newRegisterKey()
    await sql`insert into stores (name) values ('Ашукино')`
    await sql`
      insert into registers (store_id, name, key_hash) select id, 'Касса 1', ${hashSecret(key)} from stores`
    await sql`
      insert into registers (store_id, name, key_hash, last_seen_at, heartbeat)
      select id, 'Касса 2', ${hashSecret(newRegisterKey())}, now(),
        ${sql.json({ queueDepth: 7, oldestQueuedSeconds: 60, exchange: 'broken' })}
      from stores`
    await sql`insert into customers (card, first_name) values (${card}, 'Анна')`
    cloud = await start({ METRICS_PORT: '0', METRICS_TOKEN: token })
  })
  afterAll(async () => {
    await cloud.stop()
    await database.drop()
  })

  it('tells of operations by kind and outcome, refusals by code, and groups', async () => {
    const earn = operation('earn')
    await send(earn)
    await send(earn)
    await send(operation('redeem', { points: 1_000_000 }), operation('earn', { card: '111111' }))
    await send({ kind: 'x'.repeat(20) })
    const samples = await scrape()
    expect(samples.get('kopilka_operations_total{kind="earn",outcome="accepted"}')).toBe(1)
    expect(samples.get('kopilka_operations_total{kind="earn",outcome="replayed"}')).toBe(1)
    expect(samples.get('kopilka_operations_total{kind="redeem",outcome="refused"}')).toBe(1)
    expect(samples.get('kopilka_operations_total{kind="unknown",outcome="refused"}')).toBe(1)
    expect(samples.get('kopilka_refusals_total{code="over_discount_limit"}')).toBe(1)
    expect(samples.get('kopilka_refusals_total{code="customer_not_found"}')).toBe(1)
    expect(samples.get('kopilka_refusals_total{code="malformed"}')).toBe(1)
    expect(samples.get('kopilka_refusals_total{code="in_debt"}')).toBe(0)
    expect(samples.get('kopilka_ledger_group_operations_sum')).toBe(4)
    expect(samples.get('kopilka_ledger_group_seconds_count')).toBe(3)
    expect(samples.get('kopilka_ledger_waiting_operations')).toBe(0)
  })

  it('tells of requests by the pattern of their route, and of what is nowhere as none', async () => {
    await fetch(`${cloud.url}/v1/customers?code=${card}`, { headers: { authorization: `Bearer ${key}` } })
    await fetch(`${cloud.url}/v1/customers?code=${card}`)
    await fetch(`${cloud.url}/updates/stable/${card}.exe`)
    await fetch(`${cloud.url}/${card}`)
    await fetch(`${cloud.url}/fleet/registers/${card}`, { redirect: 'manual' })
    const samples = await scrape()
    const answered = (method: string, route: string, status: string) =>
      samples.get(
        `kopilka_http_request_seconds_count{method="${method}",route="${route}",status="${status}"}`,
      )
    expect(answered('GET', '/v1/customers', '2xx')).toBe(1)
    expect(answered('GET', '/v1/customers', '4xx')).toBe(1)
    expect(answered('GET', '/updates/:channel/:file', '4xx')).toBe(1)
    expect(answered('GET', '/fleet/registers/:id', '3xx')).toBe(1)
    expect(answered('none', 'none', '4xx')).toBe(1)
  })

  it('tells how registers, holds and jobs stand', async () => {
    await send(operation('earn', { purchaseKopecks: 1_000_000 }))
    await send(operation('redeem', { points: 10 }))
    await database.sql`update holds set state = 'in_doubt', in_doubt_at = now()`
    await database.sql`
      update operations set recorded_at = now() - interval '1 hour' where kind = 'redeem' and status = 'accepted'`
    await database.sql`
      insert into job_runs (job, run_for, started_at, finished_at, error)
      values ('audit', now(), '2026-01-01T00:00:00Z', '2026-01-01T00:01:00Z', null),
        ('audit', now(), '2026-01-02T00:00:00Z', '2026-01-02T00:01:00Z', 'it failed')`
    await database.sql`
      insert into proposals (act, input, programme_id, hash, needs, proposed_by, proposed_at, expires_at, state)
      values ('customer adjust', '{}', 1, '', '{finance}', 'olga', now(), now() + interval '7 days', 'open')`
    await database.sql`
      insert into proposals (act, input, programme_id, hash, needs, proposed_by, proposed_at, expires_at, state, decided_at, decided_by)
      values ('customer adjust', '{}', 1, '', '{finance}', 'olga', now() - interval '1 hour', now(), 'done', now(), 'petr')`
    // What an earlier scrape read is told again for some seconds.
    await expect.poll(async () => (await scrape()).get('kopilka_holds{state="in_doubt"}')).toBe(1)
    const samples = await scrape()
    expect(samples.get('kopilka_holds{state="processing"}')).toBe(0)
    expect(samples.get('kopilka_holds_oldest_seconds')).toBeGreaterThanOrEqual(3600)
    expect(samples.get('kopilka_proposals_open{age="up to a day"}')).toBe(1)
    expect(samples.get('kopilka_proposals_to_review')).toBe(0)
    expect(samples.get('kopilka_proposals_decided{as="approved"}')).toBe(1)
    expect(samples.get('kopilka_proposals_decision_seconds{quantile="0.5"}')).toBe(3600)
    expect(samples.get('kopilka_registers{state="online"}')).toBe(1)
    expect(samples.get('kopilka_registers{state="unseen"}')).toBe(1)
    expect(samples.get('kopilka_registers_queued_operations')).toBe(7)
    expect(samples.get('kopilka_registers_oldest_queued_seconds')).toBeGreaterThanOrEqual(60)
    expect(samples.get('kopilka_registers_exchange_bad')).toBe(1)
    expect(samples.get('kopilka_job_last_success_timestamp_seconds{job="audit"}')).toBe(1_767_225_660)
    expect(samples.get('kopilka_database_up')).toBe(1)
  })

  it('tells of the jobs it has run', async () => {
    await expect
      .poll(async () => (await scrape()).get('kopilka_job_runs_total{job="sweep",result="done"}') ?? 0)
      .toBeGreaterThan(0)
    const last = (await scrape()).get('kopilka_job_last_success_timestamp_seconds{job="sweep"}')
    expect(Math.abs((last ?? 0) - Date.now() / 1000)).toBeLessThan(600)
  })

  it('names no card, customer or register', async () => {
    await send(operation('earn', { confirmDuplicate: true }))
    const text = await (await fetch(cloud.metricsUrl ?? '', { headers })).text()
    expect(text).toContain('kopilka_process_resident_memory_bytes')
    for (const secret of [card, 'Анна', 'Касса', 'Ашукино', key]) expect(text).not.toContain(secret)
    for (const [series] of readExposition(text)) expect(series).toMatch(/^kopilka_/)
  })

  it('asks for the token on both ports', async () => {
    for (const url of [cloud.metricsUrl ?? '', `${cloud.url}/metrics`]) {
      expect((await fetch(url)).status).toBe(401)
      expect((await fetch(url, { headers: { authorization: `Bearer ${token}x` } })).status).toBe(401)
      expect((await fetch(url, { headers: { authorization: `Bearer ${key}` } })).status).toBe(401)
      const answer = await fetch(url, { headers })
      expect(answer.status).toBe(200)
      expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    }
    expect((await fetch(new URL('/health', cloud.metricsUrl ?? ''))).status).toBe(404)
  })

  it('has no metrics where nobody asked for them, and none on its own port without a token', async () => {
    const closed = await start({})
    expect(closed.metricsUrl).toBe(null)
    expect((await fetch(`${closed.url}/metrics`, { headers })).status).toBe(404)
    await closed.stop()
    const apart = await start({ METRICS_PORT: '0' })
    expect((await fetch(`${apart.url}/metrics`, { headers })).status).toBe(404)
    expect((await fetch(apart.metricsUrl ?? '')).status).toBe(200)
    await apart.stop()
  })

  it('does not start, and leaves nothing behind, where the port of the metrics is taken', async () => {
    const METRICS_PORT = new URL(cloud.metricsUrl ?? '').port
    await expect(start({ METRICS_PORT })).rejects.toThrow('set METRICS_PORT to a free one')
  })
})

it('is told of in the guide, each metric and no other', async () => {
  const guide = readFileSync(join(import.meta.dirname, '../../docs/operations.md'), 'utf8')
  const { sql, drop } = await createTestDatabase()
  const text = await createMetrics({ sql, now: Date.now, log, waitingOperations: () => 0 }).read()
  await drop()
  const names = [...text.matchAll(/^# TYPE (kopilka_\w+)/gm)].map(([, name]) => name)
  const ours = names.filter((name) => !/^kopilka_(process|nodejs)_/.test(name ?? ''))
  expect([...guide.matchAll(/^\| `(kopilka_[a-z_]+)` \|/gm)].map(([, name]) => name).sort()).toEqual(
    ours.sort(),
  )
})

it('is read without what the database knows while that is away', async () => {
  const { sql, drop } = await createTestDatabase()
  const metrics = createMetrics({ sql, now: Date.now, log, waitingOperations: () => 3 })
  await drop()
  const samples = readExposition(await metrics.read())
  expect(samples.get('kopilka_database_up')).toBe(0)
  expect(samples.get('kopilka_ledger_waiting_operations')).toBe(3)
  expect(
    [...samples.keys()].filter((series) => /^kopilka_(registers|holds|.*last_success)/.test(series)),
  ).toEqual([])
})
