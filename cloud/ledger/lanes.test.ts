import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Outcome } from '../../shared/operation.ts'
import { createLanes } from './lanes.ts'
import { createQueue, Overloaded } from './queue.ts'
import { type Request, referenceOf } from './request.ts'

let lastId = 0
const common = (registerId: number) => ({
  id: `id-${++lastId}`,
  at: 0,
  author: { type: 'register', programmeId: 1, storeId: 1, registerId } as const,
})
const earn = (card: string, registerId = 1): Request => ({
  ...{ ...common(registerId), kind: 'earn', card, purchaseKopecks: 100 },
})
const redeem = (card: string, registerId = 1): Request => ({
  ...{ ...common(registerId), kind: 'redeem', card, purchaseKopecks: 100, points: 1 },
})
const apply = (redeemId: string, registerId = 1): Request => ({
  ...{ ...common(registerId), kind: 'apply', redeemId },
})

const outcomeOf = ({ id, kind }: Request): Outcome => ({
  ...{ id, kind, status: 'refused', replay: false, code: 'in_debt', message: '', details: {} },
})
const idsOf = (outcomes: Outcome[]) => outcomes.map(({ id }) => id)

/** Two lanes over ledgers that take one turn of the loop each, and what was executed in which, in its order. */
function watchedLanes({ oneLaneUpTo = 0, isGuilty = (_: Request): boolean => false } = {}) {
  const executed: { lane: number; request: Request }[] = []
  const inHand: Request[][] = [[], []]
  const ledgerOf = (lane: number) => async (requests: Request[]) => {
    inHand[lane] = requests
    await new Promise(setImmediate)
    expect(new Set(inHand.flatMap((group) => [...new Set(group.map(customerOf))])).size).toBe(
      inHand.reduce((sum, group) => sum + new Set(group.map(customerOf)).size, 0),
    )
    inHand[lane] = []
    if (requests.some(isGuilty)) throw new Error('a bug')
    executed.push(...requests.map((request) => ({ lane, request })))
    return requests.map(outcomeOf)
  }
  const lanes = createLanes([createQueue(ledgerOf(0)), createQueue(ledgerOf(1))], { oneLaneUpTo })
  return { lanes, executed, lanesOf: () => new Set(executed.map(({ lane }) => lane)) }
}

/** Whom an operation is about, as the ledger finds out. */
const redeemed = new Map<string, string>()
const customerOf = (request: Request): string =>
  'card' in request ? request.card : (redeemed.get(referenceOf(request) ?? '') ?? '')
function redemption(card: string, registerId = 1): Request[] {
  const held = redeem(card, registerId)
  redeemed.set(held.id, card)
  return [held, apply(held.id, registerId)]
}

const cards = Array.from({ length: 300 }, (_, index) => String(100_000 + index))

test('sales alone stay in one lane', async () => {
  const { lanes, lanesOf } = watchedLanes({ oneLaneUpTo: 128 })
  await Promise.all(cards.slice(0, 128).map((card) => lanes.submit([earn(card)])))
  expect(lanesOf()).toEqual(new Set([0]))
})

test('a backlog fills both lanes, and is answered in its order', async () => {
  const { lanes, lanesOf } = watchedLanes({ oneLaneUpTo: 128 })
  const backlog = cards.map((card) => earn(card))
  expect(idsOf(await lanes.submit(backlog))).toEqual(backlog.map(({ id }) => id))
  expect(lanesOf()).toEqual(new Set([0, 1]))
})

test('a batch that settles what was done before keeps its order by staying together', async () => {
  const { lanes, executed, lanesOf } = watchedLanes()
  const [held, applied] = redemption(cards[0] ?? '')
  if (!held || !applied) throw new Error('no redemption')
  await lanes.submit([held])
  const batch = [...cards.slice(1, 9).map((card) => earn(card)), applied, earn(cards[0] ?? '')]
  await lanes.submit(batch)
  expect(lanesOf().size).toBe(1)
  expect(executed.slice(1).map(({ request }) => request)).toEqual(batch)
})

test('an author has no more waiting for there being two lanes', async () => {
  const { lanes, executed } = watchedLanes()
  const reply = lanes.submit(Array.from({ length: 2_000 }, () => earn(cards[0] ?? '')))
  await expect(lanes.submit([earn(cards[1] ?? '')])).rejects.toBeInstanceOf(Overloaded)
  await reply
  await lanes.idle()
  expect(executed).toHaveLength(2_000)
})

const submitted = fc.record({
  registerId: fc.nat(3),
  /** Each an earn or a redemption with its apply. */
  deeds: fc.array(fc.record({ customer: fc.nat(11), isRedemption: fc.boolean() }), {
    minLength: 1,
    maxLength: 40,
  }),
  isGuilty: fc.integer({ min: 0, max: 9 }).map((dice) => dice === 0),
  isLater: fc.boolean(),
})

test('whatever arrives and fails, what is about a customer is executed once, in its order, and in one lane at a time', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(submitted, { minLength: 1, maxLength: 12 }), async (calls) => {
      const guilty = new Set<Request>()
      const { lanes, executed } = watchedLanes({
        oneLaneUpTo: 3,
        isGuilty: (request) => guilty.has(request),
      })
      const sent = []
      for (const { registerId, deeds, isGuilty, isLater } of calls) {
        const requests = deeds.flatMap(({ customer, isRedemption }) => {
          const card = cards[customer] ?? ''
          return isRedemption ? redemption(card, registerId) : [earn(card, registerId)]
        })
        if (isGuilty && requests[0]) guilty.add(requests[0])
        const reply = lanes.submit(requests)
        sent.push({ registerId, requests, isGuilty, reply })
        if (isLater) await Promise.race([reply.catch(() => {}), new Promise(setImmediate)])
      }
      const replies = await Promise.allSettled(sent.map(({ reply }) => reply))
      await lanes.idle()
      for (const [index, reply] of replies.entries()) {
        const { requests = [], isGuilty = false } = sent[index] ?? {}
        expect(reply.status).toBe(isGuilty ? 'rejected' : 'fulfilled')
        if (reply.status === 'fulfilled') expect(idsOf(reply.value)).toEqual(requests.map(({ id }) => id))
      }
      const inOrder = executed.map(({ request }) => request)
      for (const { registerId } of calls)
        for (const card of cards.slice(0, 12)) {
          const isOurs = (request: Request) =>
            request.author.type === 'register' &&
            request.author.registerId === registerId &&
            customerOf(request) === card &&
            !guilty.has(request)
          expect(inOrder.filter(isOurs)).toEqual(sent.flatMap(({ requests }) => requests).filter(isOurs))
        }
      expect(new Set(inOrder).size).toBe(inOrder.length)
      expect(lanes.waiting()).toBe(0)
    }),
    { numRuns: 100 },
  )
})
