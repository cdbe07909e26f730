import { MINUTE, SECOND } from '../../../shared/time.ts'
import { type Clock, pause } from '../time/clock.ts'
import type { Faults } from './faults.ts'
import type { Random } from './random.ts'

type Fetch = typeof globalThis.fetch

/** A request as the cloud gets it. */
export interface Carried {
  method: string
  url: URL
  authorization: string | null
  body: string | null
}

/** How long what takes its time takes, and what goes wrong lasts. */
export interface Delays {
  /** Of a request that goes well, each way. */
  quickMs: { from: number; to: number }
  slowestMs: number
  overtakenMs: number
  lateCopyMs: number
  awayMs: { from: number; to: number }
}

const DELAYS: Delays = {
  quickMs: { from: 3, to: 60 },
  slowestMs: 20 * SECOND,
  overtakenMs: 3 * SECOND,
  // Longer than anybody waits for an answer.
  lateCopyMs: MINUTE,
  awayMs: { from: 2 * SECOND, to: 4 * MINUTE },
}

export interface NetworkOptions {
  clock: Clock
  random: Random
  faults: Faults
  /** The cloud; null where it does not answer just now. */
  serve: (request: Carried) => Response | null | Promise<Response | null>
  delays?: Delays
}

/** The way of one register to the cloud: everything takes its time, and some of it goes wrong. */
export function createNetwork({ clock, random, faults, serve, delays = DELAYS }: NetworkOptions) {
  const { quickMs, slowestMs, overtakenMs, lateCopyMs, awayMs } = delays
  const requests = { carried: 0, lostInOutage: 0 }
  let awayUntilMs = 0
  let underWay = 0
  let breaksOff = false
  const pauseFor = (ms: number) => pause(clock, ms)
  const isAway = () => clock.elapsed() < awayUntilMs

  /** One copy of the request, to the cloud and back. */
  async function carry(request: Carried, afterMs = 0): Promise<Response> {
    underWay += 1
    try {
      await pauseFor(afterMs + random.between(quickMs.from, quickMs.to))
      requests.carried += 1
      const answer = await serve(request)
      await pauseFor(random.between(quickMs.from, quickMs.to))
      if (!answer) throw lost('ECONNREFUSED')
      return answer
    } finally {
      underWay -= 1
    }
  }

  async function meet(request: Carried): Promise<Response> {
    if (!isAway() && faults.strikes('network: away for a while'))
      goAway(faults.random('network: away for a while').between(awayMs.from, awayMs.to))
    if (isAway()) requests.lostInOutage += 1
    if (isAway() || faults.strikes('network: the request is lost')) {
      await pauseFor(quickMs.from)
      throw lost('ECONNREFUSED')
    }
    if (breaksOff && request.method === 'POST' && request.url.pathname === '/v1/operations') {
      breaksOff = false
      goAway(Number.POSITIVE_INFINITY)
      await carry(request).catch(() => null)
      throw lost('ECONNRESET')
    }
    if (faults.strikes('network: the reply is lost')) {
      await carry(request).catch(() => null)
      throw lost('ECONNRESET')
    }
    if (faults.strikes('network: never answered')) return await new Promise(() => {})
    if (faults.strikes('network: doubled')) void carry(request).catch(() => null)
    const late = 'network: a copy comes late'
    if (faults.strikes(late)) {
      void carry(request, faults.random(late).between(SECOND, lateCopyMs)).catch(() => null)
      throw lost('ECONNRESET')
    }
    const slow = 'network: slow'
    if (faults.strikes(slow)) return await carry(request, faults.random(slow).between(0, slowestMs))
    const overtaken = 'network: overtaken by what was sent later'
    if (faults.strikes(overtaken))
      return await carry(request, faults.random(overtaken).between(0, overtakenMs))
    if (faults.strikes('network: 503 from a busy cloud')) {
      await pauseFor(quickMs.to)
      const error = { code: 'unavailable', message: 'Try again later.' }
      return Response.json({ error }, { status: 503, headers: { 'retry-after': '2' } })
    }
    return await carry(request)
  }

  function goAway(ms: number): void {
    awayUntilMs = clock.elapsed() + ms
  }

  return {
    goAway,
    /** What reached the cloud, copies too, and what did not while the network was away. */
    requests,
    /** The cloud gets the next operations, nobody hears of it, and then the network is away. */
    breakOff(): void {
      breaksOff = true
    },
    heal(): void {
      awayUntilMs = 0
      breaksOff = false
    },
    /** Nothing is under way any more, late copies included. */
    isQuiet: () => underWay === 0,
    fetch: ((input, init) =>
      meet({
        method: init?.method ?? 'GET',
        url: new URL(String(input)),
        authorization: new Headers(init?.headers).get('authorization'),
        body: typeof init?.body === 'string' ? init.body : null,
      })) satisfies Fetch,
  }
}

const lost = (code: string) => new TypeError('fetch failed', { cause: new Error(code) })
