import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Outcome } from '../../shared/operation.ts'
import { createQueue, Overloaded, type Turn } from './queue.ts'
import type { Request } from './request.ts'

let lastId = 0
function earnAt(registerId: number): Request {
  lastId += 1
  const author = { type: 'register', programmeId: 1, storeId: 1, registerId } as const
  return { kind: 'earn', id: `id-${lastId}`, at: 0, card: '654321', purchaseKopecks: 100, author }
}
const earn = () => earnAt(1)
const earns = (count: number, registerId = 1) => Array.from({ length: count }, () => earnAt(registerId))

const outcomeOf = (request: Request): Outcome => ({
  id: request.id,
  kind: request.kind,
  status: 'refused',
  replay: false,
  code: 'in_debt',
  message: '',
  details: {},
})

const idsOf = (outcomes: Outcome[]) => outcomes.map((outcome) => outcome.id)

/** A ledger whose transactions end when the test says so. */
function steppedLedger() {
  const groups: { requests: Request[]; end: (error?: unknown) => void }[] = []
  let begun: (() => void) | null = null
  const execute = (requests: Request[]) =>
    new Promise<Outcome[]>((resolve, reject) => {
      const end = (error?: unknown) => (error ? reject(error) : resolve(requests.map(outcomeOf)))
      groups.push({ requests, end })
      begun?.()
    })
  async function group(index: number) {
    while (groups.length <= index) await new Promise<void>((resolve) => (begun = resolve))
    const found = groups[index]
    if (!found) throw new Error('no such group')
    return found
  }
  /** Ends this group and all that follow, until everything is answered. */
  async function endFrom<T>(first: number, replies: Promise<T>[]): Promise<T[]> {
    const answered = Promise.all(replies)
    let isAnswered = false
    const done = answered.then(() => {
      isAnswered = true
    })
    for (let index = first; !isAnswered; index += 1) (await Promise.race([group(index), done]))?.end()
    return await answered
  }
  return { execute, group, groups, endFrom }
}

test('what arrives while a transaction runs goes together in the next, in the order it came', async () => {
  const ledger = steppedLedger()
  const queue = createQueue(ledger.execute)
  const first = earn()
  const firstReply = queue.submit([first])
  const running = await ledger.group(0)
  const later = [earn(), earn(), earn()]
  const replies = later.map((request) => queue.submit([request]))
  expect(ledger.groups).toHaveLength(1)
  running.end()
  const next = await ledger.group(1)
  expect(next.requests).toEqual(later)
  next.end()
  expect(idsOf(await firstReply)).toEqual([first.id])
  expect((await Promise.all(replies)).flatMap(idsOf)).toEqual(later.map((request) => request.id))
})

test('a group has 500 operations at most, and a request that goes in two is answered as one', async () => {
  const ledger = steppedLedger()
  const queue = createQueue(ledger.execute)
  const requests = [earns(300), earns(300), earns(1)]
  const replies = requests.map(queue.submit)
  ;(await ledger.group(0)).end()
  ;(await ledger.group(1)).end()
  expect((await Promise.all(replies)).map(idsOf)).toEqual(
    requests.map((operations) => operations.map(({ id }) => id)),
  )
  expect(ledger.groups.map((group) => group.requests.length)).toEqual([500, 101])
})

test('the sale of a register is in the next group, whatever another one has waiting', async () => {
  const ledger = steppedLedger()
  const queue = createQueue(ledger.execute)
  const flood = Array.from({ length: 10 }, () => queue.submit(earns(200)))
  const running = await ledger.group(0)
  const sale = earnAt(2)
  const reply = queue.submit([sale])
  running.end()
  const next = await ledger.group(1)
  expect(next.requests).toContain(sale)
  next.end()
  expect(idsOf(await reply)).toEqual([sale.id])
  expect((await ledger.endFrom(2, flood)).flat()).toHaveLength(2000)
})

test('a register that floods is turned away, and the others are not', async () => {
  const ledger = steppedLedger()
  const queue = createQueue(ledger.execute)
  const running = queue.submit([earn()])
  const group = await ledger.group(0)
  const flood = Array.from({ length: 10 }, () => queue.submit(earns(200)))
  await expect(queue.submit([earn()])).rejects.toThrow(Overloaded)
  const sale = queue.submit([earnAt(2)])
  group.end()
  expect((await ledger.endFrom(1, [running, sale, ...flood])).flat()).toHaveLength(2002)
})

test('an outage fails all of the group, once', async () => {
  const ledger = steppedLedger()
  const queue = createQueue(ledger.execute)
  const replies = Promise.allSettled([queue.submit([earn()]), queue.submit([earn()])])
  ;(await ledger.group(0)).end(gone)
  expect((await replies).map((reply) => reply.status)).toEqual(['rejected', 'rejected'])
  expect(ledger.groups).toHaveLength(1)
})

const gone = Object.assign(new Error('gone'), { code: 'ECONNREFUSED' })

test('after an outage nothing of a request is executed that stood behind what failed', async () => {
  const ledger = steppedLedger()
  const queue = createQueue(ledger.execute)
  const drain = [queue.submit(earns(200)), queue.submit(earns(500))]
  const first = await ledger.group(0)
  const replies = Promise.allSettled([...drain, queue.submit([earnAt(2)])])
  first.end()
  ;(await ledger.group(1)).end()
  ;(await ledger.group(2)).end(gone)
  expect((await replies).map((reply) => reply.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  await queue.idle()
  expect(ledger.groups.map((group) => group.requests.length)).toEqual([500, 25, 25])
})

test('a customer whom somebody holds is waited for once, however many operations are about them', async () => {
  const held = new Set(earns(60))
  const free = earns(60, 2)
  let waited = 0
  const executed: Request[] = []
  const queue = createQueue(
    async (requests) => {
      if (requests.some((request) => held.has(request))) {
        waited += 1
        throw Object.assign(new Error('canceling statement due to lock timeout'), { code: '55P03' })
      }
      executed.push(...requests)
      return requests.map(outcomeOf)
    },
    async (requests) => requests.filter((request) => held.has(request)),
  )
  const submit = (requests: Iterable<Request>) => [...requests].map((request) => queue.submit([request]))
  const [ofHeld, ofFree] = [submit(held), submit(free)].map((replies) => Promise.allSettled(replies))
  for (const reply of (await ofHeld) ?? []) expect(reply).toMatchObject({ reason: expect.any(Overloaded) })
  for (const reply of (await ofFree) ?? []) expect(reply.status).toBe('fulfilled')
  expect(waited).toBe(1)
  expect(executed).toEqual(free)
  const again = [...held]
  held.clear()
  expect((await Promise.all(submit(again))).flat()).toHaveLength(60)
})

test('a bug that one request meets fails that request alone', async () => {
  const poison = earn()
  const queue = createQueue(async (requests) => {
    if (requests.includes(poison)) throw new Error('a bug')
    return requests.map(outcomeOf)
  })
  const replies = await Promise.allSettled([
    queue.submit([earn()]),
    queue.submit([poison]),
    queue.submit([earn()]),
  ])
  expect(replies.map((reply) => reply.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
})

test('a request with a bug in it fails when all its other operations are executed', async () => {
  const [operations, others] = [earns(200), earns(50, 2)]
  const poison = operations[77]
  const executed: Request[] = []
  let tries = 0
  const queue = createQueue(async (requests) => {
    tries += 1
    if (poison && requests.includes(poison)) throw new Error('a bug')
    executed.push(...requests)
    return requests.map(outcomeOf)
  })
  const [failed, answered] = await Promise.allSettled([queue.submit(operations), queue.submit(others)])
  expect(failed).toMatchObject({
    status: 'rejected',
    reason: { message: `the earn ${poison?.id} could not be executed`, cause: { message: 'a bug' } },
  })
  expect(answered).toMatchObject({ status: 'fulfilled', value: { length: 50 } })
  expect(executed.filter((request) => operations.includes(request))).toEqual(
    operations.filter((request) => request !== poison),
  )
  expect(executed).toHaveLength(249)
  // Ten groups, and the one with the bug by halves, not one by one: the others wait for it.
  expect(tries).toBeLessThan(10 + 11)
})

test('a batch that met another writer is tried again', async () => {
  let tries = 0
  const queue = createQueue(async (requests) => {
    tries += 1
    if (tries < 3) throw Object.assign(new Error('deadlock'), { code: '40P01' })
    return requests.map(outcomeOf)
  })
  expect(await queue.submit([earn()])).toHaveLength(1)
  expect(tries).toBe(3)
})

test('more than the queue can hold is turned away at once, and the rest goes on', async () => {
  const ledger = steppedLedger()
  const queue = createQueue(ledger.execute)
  const one = queue.submit([earn()])
  const running = await ledger.group(0)
  const replies = Array.from({ length: 40 }, (_, index) => queue.submit(earns(500, index % 10)))
  await expect(queue.submit(earns(200, 11))).rejects.toThrow(Overloaded)
  const sale = queue.submit(earns(1, 12))
  running.end()
  expect((await ledger.endFrom(1, [one, sale, ...replies])).flat()).toHaveLength(20_002)
  await queue.idle()
})

const submitted = fc.record({
  registerId: fc.nat(5),
  size: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 300 })),
  /** Which of its operations meet a bug. */
  bugs: fc.oneof(fc.constant<number[]>([]), fc.array(fc.nat(299), { maxLength: 2 })),
  /** Whether the next one comes when something was executed. */
  isLater: fc.boolean(),
})

type Ledger = (requests: Request[], turn?: Turn) => Promise<Outcome[]>

/** As the writer of the ledger does: a group begins while the one before is committed, and writes nothing where that fails. */
function oneBehindTheOther(commit: (requests: Request[]) => Promise<Outcome[]>): Ledger {
  let latest: Promise<void> = Promise.resolve()
  return async (requests, turn) => {
    const { promise: ended, resolve: end } = Promise.withResolvers<void>()
    const mayBegin = latest
    latest = ended
    await mayBegin
    try {
      await new Promise(setImmediate)
      await turn?.before
      const committed = new Promise(setImmediate).then(() => commit(requests))
      end()
      turn?.onSent()
      return await committed
    } finally {
      end()
    }
  }
}

test.each<[string, (commit: (requests: Request[]) => Promise<Outcome[]>) => Ledger]>([
  ['one after the other', (commit) => commit],
  ['one behind the other', oneBehindTheOther],
])(
  'whatever arrives and fails, all is executed once, in order, and answered once: groups %s',
  async (_, ledgerOf) => {
    await fc.assert(
      fc.asyncProperty(fc.array(submitted, { minLength: 1, maxLength: 12 }), async (calls) => {
        const poison = new Set<Request>()
        const executed: Request[] = []
        let told = () => {}
        const conflicts = new Set(calls.flatMap(({ size }, index) => (size % 5 === 0 ? [index] : [])))
        let tries = 0
        const queue = createQueue(
          ledgerOf(async (requests) => {
            await Promise.resolve().then(told)
            if (requests.some((request) => poison.has(request))) throw new Error('a bug')
            if (conflicts.delete(tries++)) throw Object.assign(new Error('deadlock'), { code: '40P01' })
            executed.push(...requests)
            return requests.map(outcomeOf)
          }),
        )
        const sent = []
        for (const { registerId, size, bugs, isLater } of calls) {
          const requests = earns(size, registerId)
          for (const index of bugs) if (requests[index]) poison.add(requests[index])
          const begun = new Promise<void>((resolve) => {
            told = resolve
          })
          sent.push({ registerId, requests, reply: queue.submit(requests) })
          if (isLater) await begun
        }
        const replies = await Promise.allSettled(sent.map(({ reply }) => reply))
        for (const [index, reply] of replies.entries()) {
          const { requests = [] } = sent[index] ?? {}
          const isGood = !requests.some((request) => poison.has(request))
          expect(reply).toMatchObject({ status: isGood ? 'fulfilled' : 'rejected' })
          if (reply.status === 'fulfilled') expect(idsOf(reply.value)).toEqual(requests.map(({ id }) => id))
        }
        for (const { registerId } of calls) {
          const ofRegister = sent.filter((call) => call.registerId === registerId)
          const good = ofRegister
            .flatMap(({ requests }) => requests)
            .filter((request) => !poison.has(request))
          expect(executed.filter((request) => good.includes(request))).toEqual(good)
        }
        expect(executed.some((request) => poison.has(request))).toBe(false)
      }),
      { numRuns: 40 },
    )
  },
)
