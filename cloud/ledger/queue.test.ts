import { expect, test } from 'vitest'
import type { Outcome } from '../../shared/operation.ts'
import { createQueue, Overloaded } from './queue.ts'
import type { Request } from './request.ts'

let lastId = 0
function earn(): Request {
  lastId += 1
  const author = { type: 'register', storeId: 1, registerId: 1 } as const
  return { kind: 'earn', id: `id-${lastId}`, at: 0, card: '654321', purchaseKopecks: 100, author }
}

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
  return { execute, group, groups }
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

test('a group has 500 operations at most, and a request is never torn apart', async () => {
  const ledger = steppedLedger()
  const queue = createQueue(ledger.execute)
  const drain = () => Array.from({ length: 300 }, earn)
  const replies = [queue.submit(drain()), queue.submit(drain()), queue.submit([earn()])]
  ;(await ledger.group(0)).end()
  ;(await ledger.group(1)).end()
  expect((await Promise.all(replies)).map((outcomes) => outcomes.length)).toEqual([300, 300, 1])
  expect(ledger.groups.map((group) => group.requests.length)).toEqual([300, 301])
})

test('an outage fails all of the group, once', async () => {
  const ledger = steppedLedger()
  const queue = createQueue(ledger.execute)
  const replies = Promise.allSettled([queue.submit([earn()]), queue.submit([earn()])])
  ;(await ledger.group(0)).end(Object.assign(new Error('gone'), { code: 'ECONNREFUSED' }))
  expect((await replies).map((reply) => reply.status)).toEqual(['rejected', 'rejected'])
  expect(ledger.groups).toHaveLength(1)
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
  const replies = Array.from({ length: 40 }, () => queue.submit(Array.from({ length: 500 }, earn)))
  await expect(queue.submit([earn()])).rejects.toThrow(Overloaded)
  running.end()
  for (let index = 1; index <= 40; index += 1) (await ledger.group(index)).end()
  expect((await Promise.all([one, ...replies])).flat()).toHaveLength(20_001)
  await queue.idle()
})
