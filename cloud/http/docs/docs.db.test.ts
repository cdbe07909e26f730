import { afterAll, beforeAll, expect, test } from 'vitest'
import { enrolRequestSchema } from '../../../shared/api.ts'
import { operationSchema } from '../../../shared/operation.ts'
import { createTestCloud, type TestCloud } from '../../testing/cloud.ts'
import { enrolExample, examples, operationExamples } from './examples.ts'

let cloud: TestCloud
beforeAll(async () => {
  cloud = await createTestCloud()
})
afterAll(() => cloud.drop())

test('the contract at /openapi.json is OpenAPI 3.1 and has every route', async () => {
  const { body } = await cloud.request('GET', '/openapi.json')
  const { openapi, paths } = body as { openapi: string; paths: Record<string, object> }
  expect(openapi).toBe('3.1.0')
  expect(
    Object.entries(paths)
      .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`))
      .sort(),
  ).toEqual([
    'delete /v1/console/book-trial',
    'delete /v1/console/campaigns/{name}/trial',
    'delete /v1/me',
    'get /api/1c/pending-discounts',
    'get /health',
    'get /ready',
    'get /v1/console/audience',
    'get /v1/console/audience/reader',
    'get /v1/console/audit-log',
    'get /v1/console/book-trial',
    'get /v1/console/books',
    'get /v1/console/books/{version}',
    'get /v1/console/campaigns',
    'get /v1/console/campaigns/{name}',
    'get /v1/console/campaigns/{name}/results',
    'get /v1/console/customers',
    'get /v1/console/customers/{id}',
    'get /v1/console/customers/{id}/timeline',
    'get /v1/console/discrepancies',
    'get /v1/console/home',
    'get /v1/console/programmes',
    'get /v1/console/proposals',
    'get /v1/console/referrals',
    'get /v1/console/registers',
    'get /v1/console/registers/{id}',
    'get /v1/console/reports/days',
    'get /v1/console/reports/expiry',
    'get /v1/console/reports/liability',
    'get /v1/console/reports/stores',
    'get /v1/console/segments',
    'get /v1/console/segments/{name}',
    'get /v1/console/session',
    'get /v1/console/settings',
    'get /v1/console/staff',
    'get /v1/console/statuses',
    'get /v1/console/statuses/changes',
    'get /v1/console/stores',
    'get /v1/console/vouchers',
    'get /v1/customers',
    'get /v1/customers/changes',
    'get /v1/me',
    'get /v1/me/code',
    'get /v1/me/expiry',
    'get /v1/me/history',
    'get /v1/me/referral',
    'get /v1/me/vouchers',
    'get /v1/operations',
    'get /v1/purchases',
    'get /v1/register',
    'get /v1/register/joins',
    'get /v1/vouchers',
    'patch /v1/me',
    'post /api/1c/confirm-discount',
    'post /v1/console/acts/{name}',
    'post /v1/console/book-trial',
    'post /v1/console/campaigns/{name}/trial',
    'post /v1/console/segments/preview',
    'post /v1/console/vouchers/code',
    'post /v1/diagnostics',
    'post /v1/enrol',
    'post /v1/heartbeat',
    'post /v1/me',
    'post /v1/operations',
    'post /v1/parked',
  ])
})

test('everything the contract refers to is in it', async () => {
  const { body } = await cloud.request('GET', '/openapi.json')
  const text = JSON.stringify(body)
  const named = [...text.matchAll(/"#\/components\/schemas\/([\w.]+)"/g)].map((match) => match[1])
  const { schemas } = (body as { components: { schemas: Record<string, object> } }).components
  expect(Object.keys(schemas)).toEqual(expect.arrayContaining(['Operation', 'Outcome', 'Customer', 'Error']))
  expect(named.filter((name) => !schemas[name ?? ''])).toEqual([])
})

test('the page at /docs shows every route and loads nothing from anywhere', async () => {
  const response = await cloud.app.request('/docs')
  const page = await response.text()
  expect(page).toContain('/v1/operations')
  expect(page).toContain('insufficient_points')
  const anchors = [...page.matchAll(/href="#([^"]+)"/g)].map(([, anchor]) => anchor)
  expect(anchors.length).toBeGreaterThan(20)
  for (const anchor of anchors) expect(page).toContain(`id="${anchor}"`)
  expect(page).not.toMatch(/<script|src=|https?:\/\//)
  expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
})

test('what it gives to try is what the routes take', async () => {
  for (const example of Object.values(operationExamples))
    expect(operationSchema.parse(example)).toEqual(example)
  expect(enrolRequestSchema.parse(enrolExample)).toEqual(enrolExample)
  const { body } = await cloud.request('GET', '/openapi.json')
  const { paths } = body as { paths: Record<string, object> }
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  )
  expect(routes).toEqual(expect.arrayContaining(Object.keys(examples)))
})

test('health says the process is up, and ready that the database is there and migrated', async () => {
  expect((await cloud.request('GET', '/health')).status).toBe(200)
  expect((await cloud.request('GET', '/ready')).status).toBe(200)
})

test('an address where nothing is answers 404 with a code', async () => {
  expect(await cloud.request('GET', '/v1/nothing')).toMatchObject({
    status: 404,
    body: { error: { code: 'not_found' } },
  })
})

test('with the database gone everything that needs it answers 503 and when to come back, and leaks nothing', async () => {
  const gone = await createTestCloud()
  const { key } = await gone.addRegister(await gone.addStore('Ашукино'), 'Касса 1')
  await gone.drop()
  for (const [method, path] of [
    ['GET', '/ready'],
    ['GET', '/v1/register'],
    ['GET', '/v1/customers?code=654321'],
    ['POST', '/v1/operations'],
  ] as const) {
    const { status, headers, body } = await gone.request(method, path, {
      key,
      ...(method === 'POST' && { json: { operations: [{}] } }),
    })
    expect([path, status, headers.get('retry-after')]).toEqual([path, 503, '2'])
    expect(body).toEqual({ error: { code: 'unavailable', message: expect.any(String) } })
  }
  expect((await gone.request('GET', '/health')).status).toBe(200)
})
