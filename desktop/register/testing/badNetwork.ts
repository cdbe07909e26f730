import { SECOND } from '../../../shared/time.ts'
import { type Clock, pause } from '../time/clock.ts'

type Fetch = typeof globalThis.fetch
type Request = [input: Parameters<Fetch>[0], init?: Parameters<Fetch>[1]]

/** What becomes of a request that does not simply get through. */
const faults = [
  'request lost',
  'reply lost',
  'doubled',
  'doubled later',
  'late',
  'never answered',
  'unavailable',
] as const
type Fault = (typeof faults)[number]

/**
 * `bad` picks among all faults for its share of the requests. `breaks off`: the cloud acts on the next
 * operations, nobody hears of it, and then the network is `away`.
 */
type Weather = 'good' | 'bad' | 'away' | 'breaks off'

const LONGEST_DELAY_MS = 30 * SECOND

interface BadNetworkOptions {
  fetch: Fetch
  clock: Clock
  random: () => number
  /** How many of the requests meet a fault while it is bad. */
  share: number
}

/** A network in front of the cloud; what it holds back arrives later, also when nobody waits any more. */
export function createBadNetwork({ fetch, clock, random, share }: BadNetworkOptions) {
  const counts = new Map<Fault, number>(faults.map((fault) => [fault, 0]))
  const toCome: Record<'operations' | 'others', Fault[]> = { operations: [], others: [] }
  const underWay = new Set<Promise<unknown>>()
  let weather: Weather = 'good'

  function draw(isOperations: boolean): Fault | null {
    if (weather === 'away') return 'request lost'
    if (weather === 'breaks off' && isOperations) {
      weather = 'away'
      return 'reply lost'
    }
    if (weather !== 'bad' || random() >= share) return null
    const left = isOperations ? toCome.operations : toCome.others
    // Without laying it back, so that a short day meets all of them.
    if (left.length === 0) left.push(...faults)
    return left.splice(Math.floor(random() * left.length), 1)[0] ?? null
  }

  /** Reaches the cloud whatever becomes of who sent it. */
  function deliver([input, init]: Request, delayMs = 0): Promise<Response> {
    const { signal: _, ...sent } = init ?? {}
    const send = () => fetch(input, sent)
    const reply = delayMs > 0 ? pause(clock, delayMs).then(send) : send()
    underWay.add(reply)
    const forget = () => underWay.delete(reply)
    reply.then(forget, forget)
    return reply
  }

  const deliverLater = (request: Request) => deliver(request, random() * LONGEST_DELAY_MS)

  async function meet(fault: Fault, request: Request): Promise<Response> {
    switch (fault) {
      case 'request lost':
        throw new TypeError('fetch failed', { cause: new Error('ECONNREFUSED') })
      case 'reply lost':
        await deliver(request)
        throw new TypeError('fetch failed', { cause: new Error('ECONNRESET') })
      case 'doubled':
        return (await Promise.all([deliver(request), deliver(request)]))[1]
      case 'doubled later':
        void deliverLater(request)
        return await deliver(request)
      case 'late':
        return await deliverLater(request)
      case 'never answered':
        return await new Promise(() => {})
      case 'unavailable': {
        const seconds = String(1 + Math.floor(random() * 10))
        const error = { code: 'unavailable', message: 'Try again later.' }
        return Response.json({ error }, { status: 503, headers: { 'retry-after': seconds } })
      }
    }
  }

  return {
    /** What requests with operations have met. */
    counts: (): ReadonlyMap<Fault, number> => counts,
    turn(next: Weather): void {
      weather = next
    },
    fetch: (async (...request) => {
      const isOperations = String(request[0]).endsWith('/v1/operations')
      const fault = draw(isOperations)
      if (!fault) return await deliver(request)
      if (isOperations) counts.set(fault, (counts.get(fault) ?? 0) + 1)
      return await meet(fault, request)
    }) satisfies Fetch,
    /** Resolves when everything that was held back has arrived. */
    async quiet(): Promise<void> {
      while (underWay.size > 0) await Promise.allSettled(underWay)
    },
  }
}
