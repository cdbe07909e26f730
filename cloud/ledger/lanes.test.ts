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
function watchedLanes({ oneLaneUpTo = 0, isApart = true, isGuilty = (_: Request): boolean => false } = {}) {
  const executed: { lane: number; request: Request }[] = []
  const inHand: Request[][] = [[], []]
  const ledgerOf = (lane: number) => async (requests: Request[]) => {
    inHand[lane] = requests
    await new Promise(setImmediate)
    const [mine, others] = [inHand[lane], inHand[1 - lane]].map((group) => new Set(group?.map(customerOf)))
    if (isApart) expect([...(mine ?? [])].filter((customer) => others?.has(customer))).toEqual([])
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

test('anything but earnings keeps the order of its batch, whomever its operations turn out to be about', async () => {
  const { lanes, executed, lanesOf } = watchedLanes()
  const [held, applied] = redemption(cards[0] ?? '')
  if (!held || !applied) throw new Error('no redemption')
  await lanes.submit([held])
  const batch = [...cards.slice(1, 9).map((card) => earn(card)), applied, earn(cards[0] ?? '')]
  await lanes.submit(batch)
  expect(lanesOf().size).toBe(1)
  expect(executed.slice(1).map(({ request }) => request)).toEqual(batch)
})

test('who was not answered and comes again with more, comes behind what is under way', async () => {
  const { lanes, executed } = watchedLanes()
  const [held, applied] = redemption(cards[0] ?? '')
  if (!held || !applied) throw new Error('no redemption')
  await lanes.submit([held])
  const others = lanes.submit(cards.slice(1, 100).map((card) => earn(card)))
  const next = redeem(cards[0] ?? '')
  await Promise.all([lanes.submit([applied]), lanes.submit([{ ...applied }, next]), others])
  const [first, again, second] = executed.filter(({ request }) => customerOf(request) === cards[0]).slice(1)
  expect([first, again, second]).toMatchObject([
    { request: applied },
    { request: applied },
    { request: next },
  ])
  expect(new Set([first, again, second].map((one) => one?.lane)).size).toBe(1)
})

test('what comes behind a merge is executed behind it, also for the card that was elsewhere before', async () => {
  const { lanes, executed } = watchedLanes({ isApart: false })
  const [kept = '', given = ''] = cards
  const [first, second] = [earn(kept), earn(given)]
  const earnings = lanes.submit([first, second])
  const merge: Request = {
    ...{ ...common(1), kind: 'merge', card: kept, otherCard: given, reason: 'one person' },
    author: { type: 'admin', name: 'anna' },
  }
  const spent = redeem(given)
  await Promise.all([earnings, lanes.submit([merge, spent])])
  const laneOf = (request: Request) => executed.find((one) => one.request === request)?.lane
  expect(laneOf(first)).not.toBe(laneOf(second))
  expect(laneOf(spent)).toBe(laneOf(merge))
  const inOrder = executed.map(({ request }) => request)
  expect(inOrder.indexOf(merge)).toBeLessThan(inOrder.indexOf(spent))
})

test.each([
  ['one author', () => 1, 2_000],
  ['all together', (batch: number) => batch, 20_000],
])('no more wait for there being two lanes: %s', async (_, authorOf, most) => {
  const { lanes, executed } = watchedLanes()
  const replies: Promise<Outcome[]>[] = []
  for (let batch = 0; batch < 110; batch += 1)
    replies.push(lanes.submit(cards.slice(0, 200).map((card) => earn(card, authorOf(batch)))))
  const settled = await Promise.allSettled(replies)
  await lanes.idle()
  expect(executed).toHaveLength(most)
  expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(most / 200)
  expect(settled.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: expect.any(Overloaded),
  })
})

test('a batch is answered when all of it is done with, also where a part of it fails', async () => {
  const batch = cards.slice(0, 200).map((card) => earn(card))
  const { lanes, executed } = watchedLanes({ isGuilty: (request) => request === batch[0] })
  await expect(lanes.submit(batch)).rejects.toThrow('could not be executed')
  expect(executed).toHaveLength(199)
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

test.each([
  ['earnings', false],
  ['all kinds', true],
])('whatever arrives and fails, each operation is executed once and in its order: %s', async (_, isMixed) => {
  await fc.assert(
    fc.asyncProperty(fc.array(submitted, { minLength: 1, maxLength: 12 }), async (calls) => {
      const guilty = new Set<Request>()
      const { lanes, executed } = watchedLanes({
        ...{ oneLaneUpTo: 3, isApart: !isMixed, isGuilty: (request) => guilty.has(request) },
      })
      const sent = []
      for (const { registerId, deeds, isGuilty, isLater } of calls) {
        const requests = deeds.flatMap(({ customer, isRedemption }) => {
          const card = cards[customer] ?? ''
          return isMixed && isRedemption ? redemption(card, registerId) : [earn(card, registerId)]
        })
        if (isGuilty && requests[0]) guilty.add(requests[0])
        const reply = lanes.submit(requests)
        reply.catch(() => {}) // heard of below
        sent.push({ registerId, requests, isGuilty, reply })
        if (isLater) await Promise.race([reply.catch(() => {}), new Promise(setImmediate)])
      }
      const replies = await Promise.allSettled(sent.map(({ reply }) => reply))
      for (const [index, reply] of replies.entries()) {
        const { requests = [], isGuilty = false } = sent[index] ?? {}
        expect(reply.status).toBe(isGuilty ? 'rejected' : 'fulfilled')
        if (reply.status === 'fulfilled') expect(idsOf(reply.value)).toEqual(requests.map(({ id }) => id))
      }
      const inOrder = executed.map(({ request }) => request)
      const isIn = (requests: Request[]) => {
        const all = new Set(requests)
        return (request: Request) => all.has(request) && !guilty.has(request)
      }
      for (const { requests } of sent)
        if (!requests.every(({ kind }) => kind === 'earn'))
          expect(inOrder.filter(isIn(requests))).toEqual(requests.filter(isIn(requests)))
      if (!isMixed)
        for (const { registerId } of calls)
          for (const card of cards.slice(0, 12)) {
            const ours = sent
              .filter((call) => call.registerId === registerId)
              .flatMap(({ requests }) => requests.filter((request) => customerOf(request) === card))
            expect(inOrder.filter(isIn(ours))).toEqual(ours.filter(isIn(ours)))
          }
      expect(new Set(inOrder).size).toBe(sent.flatMap(({ requests }) => requests).length - guilty.size)
      expect(lanes.waiting()).toBe(0)
    }),
    { numRuns: 100 },
  )
})
