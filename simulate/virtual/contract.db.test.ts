import { expect, it } from 'vitest'
import { testVoucherKey } from '../../cloud/access/testing/voucherKey.ts'
import { publishBook } from '../../cloud/ledger/books.ts'
import { addVouchers, voucherOf } from '../../cloud/ledger/testing/makers.ts'
import {
  defaultTerms,
  documentOf,
  rulesToPickFrom,
  statusesToPickFrom,
} from '../../cloud/ledger/testing/terms.ts'
import { createTestCloud } from '../../cloud/testing/cloud.ts'
import { createRandom } from '../../desktop/register/rig/random.ts'
import { seedOf } from '../../desktop/register/testing/random.ts'
import { newId } from '../../shared/id.ts'
import { voucherTermsSchema } from '../../shared/rules/voucher.ts'
import { MINUTE, SECOND, toIso } from '../../shared/time.ts'
import { batchesOf, type Code, codeOfNumber } from '../codes.ts'
import { createVirtualCloud } from './cloud.ts'

const CARDS = ['200001', '200002', '200003']
/** Somebody has it in Telegram; the others are plastic. */
const PHONES = ['200001']
const REQUESTS = 300

/** What the two cannot have in common: places in a feed, keys, and when the first book began. */
function comparable(body: unknown): unknown {
  const dropped = new Set([
    'cursor',
    'codeKey',
    'settingsVersion',
    'version',
    'validFrom',
    'channel',
    'updateChannel',
    // Nobody joins in a simulation.
    'joinHereUrl',
  ])
  return JSON.parse(
    JSON.stringify(body, (key, value) => {
      if (dropped.has(key)) return undefined
      if (key === 'uses' && Array.isArray(value)) return value.map((use) => JSON.stringify(use)).sort()
      if (key !== 'customers') return value
      return [...value].sort((one: { card: string }, other: { card: string }) =>
        one.card < other.card ? -1 : 1,
      )
    }),
  )
}

it('the cloud in memory answers every request of a register as the real one does, to the last field', async () => {
  const random = createRandom(`contract ${seedOf('CONTRACT_SEED')}`)
  const real = await createTestCloud()
  try {
    real.clock.now = Date.parse('2050-12-07T10:00:00.000Z')
    const storeId = await real.addStore('Магазин 1')
    const registers = [await real.addRegister(storeId, 'Касса 1'), await real.addRegister(storeId, 'Касса 2')]
    for (const card of CARDS) await real.addCustomer(card)
    await real.sql`
      insert into people (telegram_id, customer_id, language)
      select id, id, 'ru' from customers where card = any(${PHONES})`
    await real.sql`update customers set created_at = ${toIso(real.clock.now)}`
    // Rules and statuses that ask for all that a look-up counts of a customer.
    const limits = { points_per_customer_day: 5000, purchases_per_customer_day: { soft: 2 } }
    const terms = { ...defaultTerms, statuses: statusesToPickFrom, rules: rulesToPickFrom, limits }
    await real.sql.begin((sql) =>
      publishBook(sql, {
        ...{ programmeId: 1, document: documentOf(terms), validFrom: 0, now: 0 },
        ...{ by: 'admin:anna', reason: 'a test' },
      }),
    )
    const virtual = createVirtualCloud({
      now: () => real.clock.now,
      ...{ cards: CARDS, phones: new Set(PHONES) },
      registers: registers.map((register) => ({ ...register, store: { id: storeId, name: 'Магазин 1' } })),
      terms,
      ...{ timeZone: 'Europe/Moscow', supportContact: '@kopilka_help', joinUrl: 'https://t.me/kopilka_bot' },
      newId: () => newId(real.clock.now),
    })
    const codes = batchesOf(real.clock.now, { dayMs: 10 * MINUTE }).map(
      ({ terms, isPersonal }, index): Code => {
        return { code: codeOfNumber(index + 1), batch: index + 1, owner: isPersonal ? '200001' : null, terms }
      },
    )
    const [owner] = await real.sql<{ id: number }[]>`select id from customers where card = '200001'`
    for (const { code, owner: card, terms } of codes)
      await addVouchers(real.sql, {
        ...voucherOf(undefined, voucherTermsSchema.parse(terms)),
        hash: testVoucherKey.hash(code),
        ownerId: card === null ? null : (owner?.id ?? 0),
      })
    virtual.addCodes(codes)
    const sent: { id: string; kind: string }[] = []

    function drawOperation(): object {
      const id = newId(real.clock.now)
      const at = toIso(real.clock.now - random.int(0, 20) * SECOND)
      const card = random.chance(0.05) ? '900000' : random.pick(CARDS)
      const purchaseKopecks = random.pick([50_000, 100_000, random.int(1, 900_000)])
      const stood = random.pick([{}, { cashier: 'Иванова' }])
      const earlier = sent.length > 0 ? random.pick(sent.slice(-8)).id : id
      if (random.chance(0.02)) return { kind: 'merge', id, at, card, otherCard: random.pick(CARDS) }
      const kind = random.pick(['earn', 'earn', 'redeem', 'redeem', 'apply', 'release', 'refund'])
      sent.push({ id, kind })
      switch (kind) {
        case 'earn':
          return {
            ...{ kind, id, at, card, purchaseKopecks, ...stood },
            ...random.pick([{}, { typed: true }]),
          }
        case 'redeem':
          return {
            ...{ kind, id, at, card, purchaseKopecks, ...stood },
            ...random.pick([
              { points: random.int(1, 60) },
              { points: random.int(0, 20), voucher: random.pick(codes).code },
            ]),
            receipt: `1-${sent.length}`,
          }
        case 'refund':
          return { kind, id, at, originalId: earlier }
        case 'apply':
          return { kind, id, at, redeemId: earlier }
        default:
          return { kind, id, at, redeemId: earlier, reason: 'not_taken' }
      }
    }

    let latest: object = drawOperation()
    function drawRequest(): { method: string; path: string; json?: unknown } {
      const chosen = random.int(1, 20)
      if (chosen === 1) return { method: 'GET', path: '/v1/register' }
      if (chosen === 2) return { method: 'GET', path: '/v1/customers/changes?limit=5000' }
      if (chosen === 3) return { method: 'GET', path: `/v1/customers?code=99${random.pick(CARDS)}` }
      if (chosen === 4) return { method: 'GET', path: '/v1/customers?code=900000' }
      if (chosen === 5) {
        const beat = {
          version: '0.0.0',
          queueDepth: 0,
          oldestQueuedSeconds: null,
          exchange: 'ok',
          clockOffsetMs: 0,
        }
        return { method: 'POST', path: '/v1/heartbeat', json: beat }
      }
      if (chosen === 6) {
        const asked = new URLSearchParams({
          code: random.pick([...codes, { code: 'none' }]).code.toLowerCase(),
        })
        if (random.chance(0.9)) asked.set('card', random.pick([...CARDS, '900000']))
        return { method: 'GET', path: `/v1/vouchers?${asked}` }
      }
      if (random.chance(0.8)) latest = drawOperation()
      const operations = random.chance(0.7) ? [latest] : [latest, drawOperation(), drawOperation()]
      return { method: 'POST', path: '/v1/operations', json: { operations } }
    }

    const statuses = new Set<number>()
    for (let index = 0; index < REQUESTS; index += 1) {
      real.clock.now += random.int(1, 40) * SECOND
      const { method, path, json } = drawRequest()
      const key = random.chance(0.02) ? 'no key' : random.pick(registers).key
      const answer = await real.request(method, path, { key, json })
      const body = json === undefined ? null : JSON.stringify(json)
      const url = new URL(path, 'https://cloud.test')
      const said = virtual.serve({ method, url, authorization: `Bearer ${key}`, body })
      const what = `${method} ${path} ${body}`
      expect({ status: said.status, body: comparable(said.body) }, what).toEqual({
        ...{ status: answer.status, body: comparable(answer.body) },
      })
      statuses.add(answer.status)
    }
    expect(virtual.wrong).toEqual([])
    expect([...statuses]).toEqual(expect.arrayContaining([200, 401, 404, 422]))
  } finally {
    await real.drop()
  }
})
