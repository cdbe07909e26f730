import type { Outcome } from '../../shared/operation.ts'
import type { Author } from './account.ts'
import { type Counts, obstacleTo } from './lines.ts'
import { Overloaded, type Queue } from './queue.ts'
import { type Request, referenceOf } from './request.ts'

/** As few operations as this are not worth two groups, each of which costs a transaction. */
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
 * nor Postgres waits for the other. A card that has something under way stays in its lane until that is answered, so lanes seldom
 * wait for each other; where they do, locks of the customers keep it right, as between two processes. As long as few are
 * under way, all are in the first lane: a backlog fills the others.
 */
export function createLanes(queues: Queue[], { oneLaneUpTo = ONE_LANE_UP_TO } = {}): Queue {
  const lanes: Lane[] = queues.map((queue) => ({ queue, underWay: 0 }))
  /** By each name of an operation that is under way: its id, its card, and the id of what it settles or refunds. */
  const laneByName = new Map<string, { lane: Lane; times: number }>()

  function counts(author: Author): Counts {
    const sum = { ofAuthor: 0, ofAll: 0 }
    for (const { queue } of lanes) {
      const { ofAuthor, ofAll } = queue.counts(author)
      sum.ofAuthor += ofAuthor
      sum.ofAll += ofAll
    }
    return sum
  }

  /** The operations of one author, answered in their order when all of them are done with. */
  async function submit(requests: Request[]): Promise<Outcome[]> {
    const [first] = requests
    if (!first) return []
    const problem = obstacleTo(requests.length, counts(first.author))
    if (problem) throw new Overloaded(problem)
    const outcomes: Outcome[] = []
    const parts = await Promise.allSettled(
      [...place(requests)].map(async ([lane, placed]) => {
        const part = placed.map(({ request }) => request)
        const answers = await lane.queue.submit(part).finally(() => leave(lane, part))
        for (const [position, answer] of answers.entries()) {
          const { index } = placed[position] as Placed
          outcomes[index] = answer
        }
      }),
    )
    for (const part of parts) if (part.status === 'rejected') throw part.reason
    return outcomes
  }

  /** Chooses a lane for each operation of a batch, which is under way from here on. */
  function place(requests: Request[]): Map<Lane, Placed[]> {
    // Earnings may overtake each other. Other operations may be about one customer by several names, so they stay together.
    const together = requests.every(({ kind }) => kind === 'earn')
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
      const found = laneByName.get(name)
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
      const found = laneByName.get(name)
      laneByName.set(name, { lane, times: (found?.times ?? 0) + 1 })
    }
  }

  function leave(lane: Lane, requests: Request[]): void {
    lane.underWay -= requests.length
    for (const name of requests.flatMap(namesOf)) {
      const found = laneByName.get(name)
      if (found && --found.times === 0) laneByName.delete(name)
    }
  }

  return {
    submit,
    counts,
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
