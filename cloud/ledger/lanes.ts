import type { Outcome } from '../../shared/operation.ts'
import { Overloaded, type Queue } from './queue.ts'
import { type Request, referenceOf } from './request.ts'

/** So few are not worth two groups, each of which costs a transaction. */
const ONE_LANE_UP_TO = 128

interface Lane {
  queue: Queue
  /** How many operations it has that are not answered. */
  underWay: number
}

/** An operation, and where its outcome stands among those of its batch. */
interface Placed {
  request: Request
  index: number
}

/**
 * Several queues as one. While one has its group judged, another one has its group written, so that neither this process
 * nor Postgres waits for the other. Whoever has something under way stays in its lane until that is answered: what happens to a
 * customer happens in its order, and no lane waits for a customer of another one. Sales alone do not fill the first
 * lane; a backlog fills all of them.
 */
export function createLanes(queues: Queue[], { oneLaneUpTo = ONE_LANE_UP_TO } = {}): Queue {
  const lanes: Lane[] = queues.map((queue) => ({ queue, underWay: 0 }))
  /** By what names it: its id, its card, and the id of what it settles or refunds. */
  const underWay = new Map<string, { lane: Lane; times: number }>()

  /** Each lane is asked for all of it: where there is room for all, there is room for a part. */
  function obstacle(requests: Request[]): string | null {
    return lanes.map(({ queue }) => queue.obstacle(requests)).find((found) => found !== null) ?? null
  }

  async function submit(requests: Request[]): Promise<Outcome[]> {
    const problem = obstacle(requests)
    if (problem) throw new Overloaded(problem)
    const outcomes: Outcome[] = []
    await Promise.all(
      [...place(requests)].map(async ([lane, placed]) => {
        const part = placed.map(({ request }) => request)
        const answers = await lane.queue.submit(part).finally(() => leave(lane, part))
        for (const [position, answer] of answers.entries()) {
          const { index } = placed[position] as Placed
          outcomes[index] = answer
        }
      }),
    )
    return outcomes
  }

  /** Which of a batch goes where. It is under way from here on. */
  function place(requests: Request[]): Map<Lane, Placed[]> {
    const ids = new Set(requests.map(({ id }) => id))
    const isTied = (reference: string | null) =>
      reference === null || ids.has(reference) || underWay.has(reference)
    // Whose it is that was done before is not known here: to keep its order, such a batch stays together.
    const together = requests.map(referenceOf).every(isTied)
      ? null
      : (requests.map(laneOf).find((lane) => lane !== undefined) ?? freest())
    const parts = new Map<Lane, Placed[]>()
    for (const [index, request] of requests.entries()) {
      const lane = together ?? laneOf(request) ?? freest()
      enter(lane, request)
      const part = parts.get(lane)
      if (part) part.push({ request, index })
      else parts.set(lane, [{ request, index }])
    }
    return parts
  }

  function laneOf(request: Request): Lane | undefined {
    for (const name of namesOf(request)) {
      const found = underWay.get(name)
      if (found) return found.lane
    }
    return undefined
  }

  function freest(): Lane {
    const [first, ...others] = lanes as [Lane, ...Lane[]]
    if (first.underWay < oneLaneUpTo) return first
    return others.reduce((freest, lane) => (lane.underWay < freest.underWay ? lane : freest), first)
  }

  function enter(lane: Lane, request: Request): void {
    lane.underWay += 1
    for (const name of namesOf(request)) {
      const found = underWay.get(name)
      if (found) found.times += 1
      else underWay.set(name, { lane, times: 1 })
    }
  }

  function leave(lane: Lane, requests: Request[]): void {
    lane.underWay -= requests.length
    for (const name of requests.flatMap(namesOf)) {
      const found = underWay.get(name)
      if (found && --found.times === 0) underWay.delete(name)
    }
  }

  return {
    submit,
    obstacle,
    waiting: () => lanes.reduce((sum, { queue }) => sum + queue.waiting(), 0),
    async idle(): Promise<void> {
      await Promise.all(lanes.map(({ queue }) => queue.idle()))
    },
  }
}

function namesOf(request: Request): string[] {
  const names = [request.id]
  if ('card' in request) names.push(request.card)
  if (request.kind === 'merge') names.push(request.otherCard)
  const reference = referenceOf(request)
  if (reference !== null) names.push(reference)
  return names
}
