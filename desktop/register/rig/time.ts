import type { Instant } from '../../../shared/time.ts'
import type { Clock } from '../time/clock.ts'
import type { Random } from './random.ts'

export type VirtualTime = ReturnType<typeof createTime>

interface Due {
  atMs: number
  /** Decides among those of one moment: their order is chance, and chance is the seed's. */
  lot: number
  call: () => void
  isCancelled: boolean
}

/**
 * Time that stands still while anything runs, and then leaps to what is due next: an hour with nothing in it costs
 * nothing. Between two events all promises run to their rest, so that the order of everything is the seed's.
 */
export function createTime({ start, random }: { start: Instant; random: Random }) {
  const queue = createQueue()
  /** What takes real time, and none of this. */
  const outside = new Set<Promise<unknown>>()
  let nowMs = 0
  let events = 0
  let stillness = 0

  function after(ms: number, call: () => void): () => void {
    // As Node does it: whole milliseconds, and at least one.
    const due = { atMs: nowMs + Math.max(1, Math.trunc(ms)), lot: random.next(), call, isCancelled: false }
    queue.add(due)
    return () => {
      due.isCancelled = true
    }
  }

  /** All promises have gone as far as they go. */
  async function settle(): Promise<void> {
    await rest(events)
    while (outside.size > 0) {
      await Promise.allSettled(outside)
      await rest(events)
    }
  }

  async function runUntil(isOver: () => boolean): Promise<void> {
    await settle()
    while (!isOver()) {
      const due = queue.next()
      if (!due) throw new Error('nothing is due any more: whatever is waited for never comes')
      if (due.isCancelled) continue
      stillness = due.atMs - nowMs > 0 ? 0 : stillness + 1
      if (stillness > MOST_AT_ONCE)
        throw new Error('time does not go on: something is done again and again at one moment')
      nowMs = due.atMs
      events += 1
      due.call()
      await settle()
    }
  }

  return {
    elapsed: () => nowMs,
    now: (): Instant => start + Math.floor(nowMs),
    after,
    events: () => events,

    /** Time stands still until it is done. */
    async waitsFor<T>(work: Promise<T>): Promise<T> {
      outside.add(work)
      return await work.finally(() => outside.delete(work))
    },

    /** Finds a wait for what never comes, while polls go on. */
    async within<T>(ms: number, work: Promise<T>): Promise<T> {
      const { promise: over, reject } = Promise.withResolvers<never>()
      const cancel = after(ms, () => reject(new Error('somebody waits for what never comes')))
      return await Promise.race([work, over]).finally(cancel)
    },

    /** Lets time pass until the work is done, and says what came of it. */
    async run<T>(work: Promise<T>): Promise<T> {
      let isOver = false
      const end = () => {
        isOver = true
      }
      work.then(end, end)
      await runUntil(() => isOver)
      return await work
    },
  } satisfies Clock & Record<string, unknown>
}

/**
 * Node begins a tick only when no promise is left to run. Now and then a turn of the event loop, so that a signal that
 * ends the run is heard too.
 */
function rest(events: number): Promise<void> {
  return new Promise((resolve) => {
    if (events % EVENTS_A_TURN === 0) setImmediate(resolve)
    else process.nextTick(resolve)
  })
}
const EVENTS_A_TURN = 256
const MOST_AT_ONCE = 100_000

/** A heap, the earliest on top. */
function createQueue() {
  const heap: Due[] = []
  const at = (index: number) => heap[index] as Due
  const isBefore = (one: Due, other: Due) =>
    one.atMs < other.atMs || (one.atMs === other.atMs && one.lot < other.lot)

  function swap(one: number, other: number): void {
    const kept = at(one)
    heap[one] = at(other)
    heap[other] = kept
  }

  return {
    add(due: Due): void {
      let index = heap.push(due) - 1
      while (index > 0) {
        const parent = (index - 1) >> 1
        if (!isBefore(at(index), at(parent))) break
        swap(index, parent)
        index = parent
      }
    },
    next(): Due | undefined {
      const [top] = heap
      const last = heap.pop()
      if (!last || heap.length === 0) return top
      heap[0] = last
      let index = 0
      for (;;) {
        const left = 2 * index + 1
        if (left >= heap.length) return top
        const right = left + 1
        const child = right < heap.length && isBefore(at(right), at(left)) ? right : left
        if (!isBefore(at(child), at(index))) return top
        swap(index, child)
        index = child
      }
    },
  }
}

/** The two clocks of one machine: the wall's is off and can be set, the growing one stands still in its sleep. */
export function createDeviceClock(time: VirtualTime, { skewMs }: { skewMs: number }) {
  let wallAheadMs = skewMs
  let sleptMs = 0
  let wakesAtMs = 0
  const asleepForMs = () => Math.max(0, wakesAtMs - time.elapsed())
  /** What is left of a sleep is not lived through yet. */
  const elapsed = () => time.elapsed() - sleptMs + asleepForMs()

  function after(ms: number, call: () => void): () => void {
    const dueMs = elapsed() + ms
    let cancel = time.after(asleepForMs() + ms, ring)
    /** A timer counts the time awake: what the machine has slept is waited for again. */
    function ring(): void {
      const leftMs = dueMs - elapsed()
      if (leftMs > 0) cancel = time.after(asleepForMs() + leftMs, ring)
      else call()
    }
    return () => cancel()
  }

  return {
    now: () => Math.floor(time.now() + wallAheadMs),
    elapsed,
    after,
    /** The clock on the wall is set. */
    set(byMs: number): void {
      wallAheadMs += byMs
    },
    /** The machine is asleep from now on, for so long: no timer of it rings meanwhile. */
    sleep(ms: number): void {
      wakesAtMs = time.elapsed() + ms
      sleptMs += ms
    },
  } satisfies Clock & Record<string, unknown>
}
