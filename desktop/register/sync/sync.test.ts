import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Operation, Outcome } from '../../../shared/operation.ts'
import { DAY, MINUTE, SECOND, toIso } from '../../../shared/time.ts'
import { createFakeClock, type FakeClock } from '../exchange/testing.ts'
import { createCloudTime } from '../time/cloudTime.ts'
import { type ChangesReply, createCloudClient, type RegisterReply } from './client.ts'
import { openCustomerCopy } from './customerCopy.ts'
import type { LineState } from './line.ts'
import { type SyncOptions, startSync } from './sync.ts'
import {
  AWAY_RETRY_MS,
  createFakeCloud,
  createFakeQueue,
  createTestLog,
  earn,
  type FakeCloud,
  type FakeQueue,
  faults,
} from './testing.ts'

const OPERATIONS = '/v1/operations'
const HEARTBEAT = '/v1/heartbeat'
const REGISTER = '/v1/register'
const CHANGES = '/v1/customers/changes'
const idsOf = <Id>(list: { id: Id }[]) => list.map(({ id }) => id)
const manyEarns = (count: number) => Array.from({ length: count }, () => earn())

/** A register with its line not started yet, and the cloud it speaks to. */
function createShop(...operations: Operation[]) {
  const clock = createFakeClock()
  const cloud = createFakeCloud(clock)
  const queue = createFakeQueue(...operations)
  const testLog = createTestLog()
  const { log } = testLog
  let answer: typeof globalThis.fetch = cloud.fetch
  const client = createCloudClient({
    url: 'https://cloud.example',
    key: 'kop_secret',
    fetch: (input, init) => answer(input, init),
    clock,
    version: '1.0.0',
    log,
  })
  const copy = openCustomerCopy({ path: ':memory:', for: 'the shop', log })
  const changes: LineState[] = []
  const erased: string[] = []
  const revocations: number[] = []
  const registers: RegisterReply[] = []
  const start = (more: Partial<SyncOptions> = {}) =>
    startSync({
      queue,
      client,
      copy,
      clock,
      time: createCloudTime(clock),
      log,
      random: () => 0.5,
      heartbeat: () => ({ exchange: 'ok' }),
      diagnostics: () => ({ version: '1.0.0' }),
      onRegister: (reply) => registers.push(reply),
      onErased: (cards) => erased.push(...cards),
      onRevoked: () => revocations.push(clock.elapsed()),
      onChange: (state) => changes.push(state),
      ...more,
    })
  /** Another one answers the operations in the place of the cloud. */
  const answerOperations = (other: typeof globalThis.fetch) => {
    answer = (input, init) => (String(input).endsWith(OPERATIONS) ? other : cloud.fetch)(input, init)
  }
  return {
    clock,
    cloud,
    queue,
    client,
    copy,
    testLog,
    changes,
    registers,
    erased,
    revocations,
    start,
    answerOperations,
  }
}

let shop: ReturnType<typeof createShop>
let clock: FakeClock
let cloud: FakeCloud
let queue: FakeQueue
beforeEach(() => {
  shop = createShop()
  ;({ clock, cloud, queue } = shop)
})

/** A sale while the line is at rest. */
function sell(sync: { wake(): void }): Operation {
  const operation = earn()
  queue.add(operation)
  sync.wake()
  return operation
}

describe('the queue', () => {
  test('of 10,000 operations drains in order, 200 a request, one request at a time', async () => {
    const operations = manyEarns(10_000)
    shop = createShop(...operations)
    const sync = shop.start()
    await until(shop.clock, () => shop.queue.waiting().length === 0)
    expect(shop.cloud.executed).toEqual(idsOf(operations))
    expect(idsOf(shop.queue.settled)).toEqual(idsOf(operations))
    const batches = shop.cloud.requests.filter(({ path }) => path === OPERATIONS)
    expect(batches.map(({ sent }) => sent.operations?.length)).toEqual(Array(50).fill(200))
    expect(shop.cloud.mostUnderWay).toBe(1)
    await sync.stop()
  })

  test('has every operation acknowledged once and in order, whatever the network does', async () => {
    const fault = fc.constantFrom(...faults)
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 450 }),
        fc.array(fault, { maxLength: 25 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        async (count, faults, chance) => {
          const operations = manyEarns(count)
          const { clock, cloud, queue, start } = createShop(...operations)
          cloud.faults = [...faults]
          const sync = start({ random: () => chance })
          await until(clock, () => queue.waiting().length === 0)
          await sync.stop()
          expect(cloud.executed).toEqual(idsOf(operations))
          expect(idsOf(queue.settled).sort()).toEqual(idsOf(operations).sort())
          expect(queue.rejected).toEqual([])
          // Where the cloud answered whole batches they were settled in order too.
          if (!faults.includes('some answers')) expect(idsOf(queue.settled)).toEqual(idsOf(operations))
          expect(cloud.mostUnderWay).toBe(1)
        },
      ),
      { numRuns: 40 },
    )
  })

  test('settles only what the cloud answered; the rest stays and is sent again', async () => {
    const operations = manyEarns(3)
    shop = createShop(...operations)
    const [first, second, third] = idsOf(operations)
    shop.cloud.faults = ['nothing', 'some answers']
    const sync = shop.start()
    await until(shop.clock, () => shop.queue.waiting().length === 0)
    expect(idsOf(shop.queue.settled)).toEqual([first, third, second])
    await sync.stop()
  })

  test('goes on past a refused operation', async () => {
    const operations = manyEarns(5)
    shop = createShop(...operations)
    shop.cloud.refused.add(operations[2]?.id ?? '')
    const sync = shop.start()
    await until(shop.clock, () => shop.queue.waiting().length === 0)
    expect(shop.queue.settled.map(({ status }) => status)).toEqual([
      'accepted',
      'accepted',
      'refused',
      'accepted',
      'accepted',
    ])
    expect(shop.queue.rejected).toEqual([])
    await sync.stop()
  })

  test.each([0, 137, 199, 200, 249])(
    'finds the operation that spoils its batch, at %i of 250, and only that one steps aside',
    async (place) => {
      const operations = manyEarns(250)
      shop = createShop(...operations)
      const poison = operations[place]?.id ?? ''
      shop.cloud.poison.add(poison)
      const sync = shop.start()
      await until(shop.clock, () => shop.queue.waiting().length === 0)
      expect(shop.queue.rejected).toEqual([poison])
      expect(shop.cloud.executed).toEqual(idsOf(operations).filter((id) => id !== poison))
      expect(shop.cloud.timesOf(OPERATIONS).length).toBeLessThan(25)
      expect(sync.state().line).toBe('online')
      await sync.stop()
    },
  )

  test('is not hurried through by a cloud that takes nothing', async () => {
    const operations = manyEarns(400)
    shop = createShop(...operations)
    for (const id of idsOf(operations)) shop.cloud.poison.add(id)
    const sync = shop.start()
    await shop.clock.advance(10 * MINUTE)
    expect(shop.queue.rejected.length).toBeLessThan(80)
    expect(shop.queue.waiting().length).toBe(400 - shop.queue.rejected.length)
    expect(sync.state()).toMatchObject({ line: 'offline', reason: 'refused' })
    await sync.stop()
  })

  test.each([401, 403, 404, 429])('loses nothing to an answer with the status %i', async (status) => {
    shop = createShop(...manyEarns(3))
    const error = { error: { code: 'no', message: 'No.' } }
    shop.answerOperations(async () => Response.json(error, { status }))
    const sync = shop.start()
    await shop.clock.advance(5 * MINUTE)
    expect([shop.queue.waiting().length, shop.queue.rejected.length]).toEqual([3, 0])
    await sync.stop()
  })

  test.each([
    ['answers nothing at all', { outcomes: [] }, 200],
    ['answers for strangers', { outcomes: [refusedOutcome('0198c5a8-7b1e-7c3a-9f00-0123456789ab')] }, 200],
    ['finds even one operation too large', '<html>', 413],
  ])('is not sent over and over to a cloud that %s', async (_what, body, status) => {
    shop = createShop(...manyEarns(3))
    let asked = 0
    shop.answerOperations(async () => {
      asked += 1
      return new Response(JSON.stringify(body), { status })
    })
    const sync = shop.start()
    await shop.clock.advance(MINUTE)
    expect(asked).toBeLessThan(15)
    expect([shop.queue.waiting().length, shop.queue.rejected.length]).toEqual([3, 0])
    expect(sync.state().line).toBe('offline')
    await sync.stop()
  })

  test('lets an operation step aside whose id the cloud cannot read', async () => {
    const operations = manyEarns(3)
    shop = createShop(...operations)
    const bad = operations[1]?.id ?? ''
    shop.answerOperations(async (input, init) => {
      const response = await shop.cloud.fetch(input, init)
      const { outcomes } = (await response.json()) as { outcomes: Outcome[] }
      return Response.json({
        outcomes: outcomes.map((outcome) => (outcome.id === bad ? refusedOutcome(null) : outcome)),
      })
    })
    const sync = shop.start()
    await until(shop.clock, () => shop.queue.waiting().length === 0)
    expect(shop.queue.rejected).toEqual([bad])
    await sync.stop()
  })
})

describe('at rest', () => {
  test('the line sends a heartbeat every minute, and first of all, so that the clock is known', async () => {
    cloud.aheadMs = 7 * SECOND
    const waiting = earn()
    queue.add(waiting)
    const sync = shop.start({ heartbeat: () => ({ exchange: 'x'.repeat(200) }) })
    await clock.advance(2 * MINUTE)
    expect(cloud.requests[0]?.path).toBe(HEARTBEAT)
    expect(cloud.timesOf(HEARTBEAT)).toEqual([0, MINUTE, 2 * MINUTE])
    const [first, second] = cloud.requests.filter(({ path }) => path === HEARTBEAT)
    const oldestQueuedSeconds = (clock.now() - 2 * MINUTE - Date.parse(waiting.at)) / SECOND
    expect(first?.sent).toEqual({
      version: '1.0.0',
      queueDepth: 1,
      oldestQueuedSeconds,
      exchange: 'x'.repeat(100),
      clockOffsetMs: null,
      parked: 0,
    })
    expect(second?.sent).toMatchObject({ queueDepth: 0, oldestQueuedSeconds: null, clockOffsetMs: 7000 })
    expect(sync.state().offsetMs).toBe(7000)
    await sync.stop()
  })

  test('the line asks who it is at the start, every ten minutes, and when the settings changed', async () => {
    const sync = shop.start()
    await clock.advance(2 * MINUTE)
    expect(cloud.timesOf(REGISTER)).toEqual([0])
    cloud.settingsVersion = 2
    await clock.advance(MINUTE)
    expect(cloud.timesOf(REGISTER)).toEqual([0, 3 * MINUTE])
    expect(shop.registers.map(({ settingsVersion }) => settingsVersion)).toEqual([1, 2])
    await clock.advance(10 * MINUTE)
    expect(cloud.timesOf(REGISTER)).toEqual([0, 3 * MINUTE, 13 * MINUTE])
    await sync.stop()
  })

  test('the line follows the list of customers from where it was left', async () => {
    const sync = shop.start()
    await clock.advance(MINUTE)
    const asked = cloud.requests.filter(({ path }) => path === CHANGES)
    expect(asked.map(({ url }) => [url.searchParams.get('since'), url.searchParams.get('limit')])).toEqual([
      [null, '5000'],
      ['f.1.0', '5000'],
    ])
    await sync.stop()
  })

  test('an operation waits for one page of customers at most', async () => {
    const asOf = toIso(clock.now())
    for (let page = 0; page < 9; page += 1) {
      const reply: ChangesReply = { customers: [], asOf, cursor: `w.${page}.1`, more: page < 8 }
      cloud.pages.set(page === 0 ? null : `w.${page - 1}.1`, reply)
    }
    cloud.onRequest = ({ url }) => {
      if (url.searchParams.get('since') === 'w.3.1') queue.add(earn())
    }
    const sync = shop.start()
    await clock.advance(0)
    expect(cloud.timesOf(CHANGES)).toHaveLength(9)
    const paths = cloud.requests.map(({ url }) => url.searchParams.get('since') ?? url.pathname)
    expect(paths.slice(paths.indexOf('w.3.1'))).toEqual([
      'w.3.1',
      OPERATIONS,
      'w.4.1',
      'w.5.1',
      'w.6.1',
      'w.7.1',
    ])
    await sync.stop()
  })

  test('a list of customers that does not go on is a failure, not a race', async () => {
    const reply = { customers: [], asOf: toIso(clock.now()), cursor: 'w.1.1', more: true }
    cloud.pages.set(null, reply).set('w.1.1', reply)
    const sync = shop.start()
    await clock.advance(MINUTE)
    expect(cloud.timesOf(CHANGES).length).toBeLessThan(12)
    expect(sync.state()).toMatchObject({ line: 'offline', reason: 'broken' })
    await sync.stop()
  })

  test('a sale is sent at once, and its outcome is in the copy of the customers', async () => {
    cloud.aheadMs = 7 * SECOND
    const sync = shop.start()
    await clock.advance(30 * SECOND)
    const operation = sell(sync)
    await clock.advance(0)
    expect(cloud.timesOf(OPERATIONS)).toEqual([30 * SECOND])
    expect(idsOf(shop.queue.settled)).toEqual([operation.id])
    expect(shop.copy.find('654321')).toMatchObject({ available: 40, asOf: clock.now() + 7 * SECOND })
    await sync.stop()
  })

  test('an outcome told again shows an old balance, and is not copied', async () => {
    const sync = shop.start()
    await clock.advance(0)
    cloud.faults = ['reply lost']
    sell(sync)
    await clock.advance(MINUTE)
    expect(shop.queue.settled).toMatchObject([{ replay: true }])
    expect(shop.copy.find('654321')).toBe(null)
    await sync.stop()
  })
})

describe('the clock', () => {
  test('that was set is compared with the cloud before anything is sent', async () => {
    const sync = shop.start()
    await clock.advance(10 * SECOND)
    clock.set(DAY)
    sell(sync)
    await clock.advance(0)
    expect(cloud.requests.slice(-2).map(({ path }) => path)).toEqual([HEARTBEAT, OPERATIONS])
    expect(sync.state().offsetMs).toBe(0)
    await sync.stop()
  })
})

describe('people who are to be forgotten', () => {
  const erased = { card: '654321', firstName: null, available: 0, status: 'erased' }

  test('are told before the page counts as taken', async () => {
    const page = { customers: [erased], asOf: toIso(clock.now()), cursor: 'f.2.0', more: false }
    cloud.pages.set(null, page)
    const cursors: (string | null)[] = []
    const sync = shop.start({ onErased: () => cursors.push(shop.copy.cursor()) })
    await clock.advance(0)
    expect([cursors, shop.copy.cursor()]).toEqual([[null], 'f.2.0'])
    await sync.stop()
  })

  test('come again where the disk did not take it', async () => {
    const page = { customers: [erased], asOf: toIso(clock.now()), cursor: 'f.2.0', more: false }
    cloud.pages.set(null, page)
    let isDiskFull = true
    const told: string[] = []
    const sync = shop.start({
      onErased(cards) {
        if (isDiskFull) throw new Error('the disk is full')
        told.push(...cards)
      },
    })
    await clock.advance(MINUTE)
    expect(shop.copy.cursor()).toBe(null)
    isDiskFull = false
    await clock.advance(2 * MINUTE)
    expect([told, shop.copy.cursor()]).toEqual([['654321'], 'f.1.0'])
    await sync.stop()
  })

  test('are all of them when the register is revoked, and nobody when the cloud does not know it', async () => {
    const sync = shop.start()
    await clock.advance(0)
    cloud.otherwise = 'unauthorised'
    await clock.advance(2 * MINUTE)
    expect([shop.revocations, sync.state().line]).toEqual([[], 'unauthorised'])
    cloud.otherwise = 'revoked'
    queue.add(earn())
    await clock.advance(MINUTE)
    expect(shop.revocations.length).toBeGreaterThan(0)
    expect(sync.state()).toMatchObject({ line: 'revoked', reason: 'revoked' })
    expect(queue.waiting()).toHaveLength(1)
    await sync.stop()
  })
})

describe('when the cloud does not answer', () => {
  test('the line comes back after 1 to 2, 4, 8 … 60 seconds, and one success begins anew', async () => {
    cloud.otherwise = 'request lost'
    const sync = shop.start()
    await clock.advance(5 * MINUTE)
    expect(waitsBetween(cloud).slice(0, 8)).toEqual([1.5, 2.5, 4.5, 8.5, 16.5, 30.5, 30.5, 30.5])
    expect(sync.state()).toMatchObject({ line: 'offline', reason: 'offline', lastContactAt: null })
    cloud.faults = ['nothing', 'nothing', 'request lost']
    const before = cloud.requests.length
    await clock.advance(MINUTE)
    expect(waitsBetween(cloud).slice(before, before + 4)).toEqual([0, 0, 1.5, 2.5])
    await sync.stop()
  })

  test('Retry-After is obeyed, and no sale cuts it short', async () => {
    cloud.faults = ['away']
    const sync = shop.start()
    await clock.advance(SECOND)
    sell(sync)
    await clock.advance(AWAY_RETRY_MS - SECOND - 1)
    expect(cloud.requests).toHaveLength(1)
    await clock.advance(1)
    expect(queue.settled).toHaveLength(1)
    await sync.stop()
  })

  test('a sale cuts any other wait short', async () => {
    const sync = shop.start()
    await clock.advance(0)
    cloud.otherwise = 'request lost'
    await clock.advance(5 * MINUTE)
    const before = cloud.requests.length
    sell(sync)
    await clock.advance(0)
    expect(cloud.requests).toHaveLength(before + 1)
    await sync.stop()
  })

  test('a register that is not known asks once a minute, keeps its queue, and goes on when it is', async () => {
    queue.add(earn())
    cloud.otherwise = 'unauthorised'
    const sync = shop.start()
    await clock.advance(3 * MINUTE)
    expect(sync.state()).toMatchObject({ line: 'unauthorised', reason: 'unauthorised' })
    expect(cloud.requests.map(({ atMs }) => atMs)).toEqual([0, 1, 2, 3].map((minute) => minute * MINUTE))
    cloud.otherwise = 'nothing'
    await clock.advance(MINUTE)
    expect(queue.settled).toHaveLength(1)
    expect(sync.state()).toMatchObject({ line: 'online', reason: null })
    await sync.stop()
  })

  test('operations that do not get through do not keep the cloud from hearing of it', async () => {
    shop = createShop(earn())
    shop.answerOperations(async () => new Response('', { status: 500 }))
    const sync = shop.start()
    await shop.clock.advance(5 * MINUTE)
    expect(shop.cloud.timesOf(HEARTBEAT).length).toBeGreaterThanOrEqual(4)
    expect(shop.cloud.requests.findLast(({ path }) => path === HEARTBEAT)?.sent).toMatchObject({
      queueDepth: 1,
    })
    await sync.stop()
  })

  test('a look-up that is answered brings the line back at once', async () => {
    const sync = shop.start()
    await clock.advance(0)
    cloud.otherwise = 'request lost'
    await clock.advance(5 * MINUTE)
    queue.add(earn())
    cloud.otherwise = 'nothing'
    await shop.client.customer('654321')
    expect(sync.state()).toMatchObject({ line: 'online', reason: null })
    await clock.advance(0)
    expect(queue.settled).toHaveLength(1)
    await sync.stop()
  })

  test('a look-up that is answered does not disprove that the cloud asked to wait', async () => {
    cloud.faults = ['away']
    const sync = shop.start()
    await clock.advance(SECOND)
    await shop.client.customer('654321')
    await clock.advance(SECOND)
    expect(sync.state()).toMatchObject({ line: 'offline', reason: 'unavailable' })
    expect(cloud.timesOf(HEARTBEAT)).toEqual([0])
    await sync.stop()
  })

  test('a look-up that is not answered shows it, and the line looks for itself', async () => {
    const sync = shop.start()
    await clock.advance(10 * SECOND)
    cloud.faults = ['request lost']
    await shop.client.customer('654321')
    expect(sync.state()).toMatchObject({ line: 'offline', reason: 'offline' })
    await clock.advance(0)
    expect(cloud.timesOf(HEARTBEAT)).toEqual([0, 10 * SECOND])
    expect(sync.state()).toMatchObject({ line: 'online', reason: null, lastContactAt: clock.now() })
    await sync.stop()
  })
})

describe('the state of the line', () => {
  test('is told when it changes, and logged', async () => {
    const startedAt = clock.now()
    cloud.faults = ['request lost', 'request lost', 'away']
    const sync = shop.start()
    expect(sync.state()).toEqual({
      line: 'starting',
      reason: null,
      since: startedAt,
      lastContactAt: null,
      offsetMs: null,
    })
    await clock.advance(2 * MINUTE)
    expect(shop.changes.map(({ line, reason, offsetMs }) => [line, reason, offsetMs])).toEqual([
      ['offline', 'offline', null],
      ['offline', 'offline', 500],
      ['offline', 'unavailable', 500],
      ['offline', 'unavailable', 0],
      ['online', null, 0],
    ])
    expect(shop.changes.map(({ since }) => since).slice(0, 4)).toEqual(Array(4).fill(startedAt))
    expect(shop.testLog.lines().map(({ msg }) => msg)).toEqual([
      'the line to the cloud is down',
      'the line to the cloud is down',
      'the line to the cloud is up',
    ])
    await sync.stop()
  })

  test('says so when the queue or the copy fails; the line goes on, and the log has it once', async () => {
    queue.add(earn())
    let isDiskFull = true
    const settle = (outcomes: Outcome[]) => {
      if (isDiskFull) throw new Error('the disk is full')
      queue.settle(outcomes)
    }
    const sync = shop.start({ queue: { ...queue, settle } })
    await clock.advance(5 * MINUTE)
    expect(sync.state()).toMatchObject({ line: 'offline', reason: 'failed' })
    expect(shop.testLog.lines().filter(({ level }) => level === 50)).toHaveLength(1)
    expect(cloud.timesOf(HEARTBEAT).length).toBeGreaterThanOrEqual(4)
    isDiskFull = false
    await clock.advance(MINUTE)
    expect(sync.state()).toMatchObject({ line: 'online' })
    expect(queue.settled).toHaveLength(1)
    await sync.stop()
  })

  test('can be told to somebody who fails', async () => {
    const onChange = () => {
      throw new Error('the screen is gone')
    }
    queue.add(earn())
    const sync = shop.start({ onChange })
    await clock.advance(0)
    expect(queue.settled).toHaveLength(1)
    await sync.stop()
  })
})

describe('the diagnostics', () => {
  const timesSent = () => cloud.timesOf('/v1/diagnostics')

  test('are sent when the cloud asks for them, once', async () => {
    const sync = shop.start()
    await clock.advance(SECOND)
    expect(timesSent()).toEqual([])
    cloud.diagnosticsWanted = true
    await clock.advance(5 * MINUTE)
    expect(timesSent()).toEqual([MINUTE])
    expect(cloud.requests.find(({ path }) => path === '/v1/diagnostics')?.sent).toEqual({ version: '1.0.0' })
    await sync.stop()
  })

  test('that were lost on the way are sent again', async () => {
    cloud.diagnosticsWanted = true
    cloud.onRequest = ({ path }) => {
      if (path === '/v1/diagnostics' && timesSent().length === 1) cloud.faults = ['request lost']
    }
    const sync = shop.start()
    await clock.advance(5 * MINUTE)
    expect(timesSent()).toHaveLength(2)
    expect(sync.state().line).toBe('online')
    await sync.stop()
  })
})

describe('stopped', () => {
  test('in the middle of a request the line ends at once, and the queue keeps what was under way', async () => {
    const operations = manyEarns(3)
    shop = createShop(...operations)
    shop.cloud.faults = ['nothing', 'slow']
    const sync = shop.start()
    await until(shop.clock, () => shop.cloud.timesOf(OPERATIONS).length === 1)
    await sync.stop()
    expect(shop.queue.waiting()).toEqual(operations)
    expect(shop.cloud.underWay).toBe(0)
    await shop.clock.advance(DAY)
    expect(shop.cloud.timesOf(OPERATIONS)).toHaveLength(1)
  })

  test.each([
    ['at rest', 'nothing'],
    ['while it stays away', 'request lost'],
    ['while the cloud asked to wait', 'away'],
  ] as const)('%s the line ends at once', async (_when, fault) => {
    cloud.otherwise = fault
    const sync = shop.start()
    await clock.advance(SECOND)
    const asked = cloud.requests.length
    await sync.stop()
    await clock.advance(DAY)
    expect(cloud.requests).toHaveLength(asked)
  })
})

/** Lets time pass until it is so. */
async function until(clock: FakeClock, isSo: () => boolean): Promise<void> {
  const end = clock.elapsed() + DAY
  while (!isSo()) {
    if (clock.elapsed() > end) throw new Error('it is not so within a day')
    await clock.advance(SECOND)
  }
}

/** The seconds between one request and the next. */
function waitsBetween({ requests }: FakeCloud): number[] {
  return requests.slice(1).map(({ atMs }, index) => (atMs - (requests[index]?.atMs ?? 0)) / SECOND)
}

function refusedOutcome(id: string | null): Outcome {
  return { id, kind: null, status: 'refused', replay: false, code: 'malformed', message: 'No.', details: {} }
}
