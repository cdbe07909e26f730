import { setTimeout as pause } from 'node:timers/promises'
import { openTills } from './load.ts'
import { anyOf, apply, redeem } from './purchases.ts'
import type { Stage } from './stage.ts'
import { type Counted, createTally } from './tally.ts'

const TILLS = 64

/**
 * Open loop: redemptions begin at their time whether or not the server is keeping up, and their latency counts
 * from that time, so that a stall counts for every redemption that would have waited for it.
 */
export async function runAtRate(
  stage: Stage,
  perSecond: number,
  cards: string[],
  until: Promise<unknown>,
  connections = TILLS,
): Promise<Counted> {
  const tally = createTally()
  const free = await openTills(stage, connections, tally)
  const tills = [...free]
  const late: number[] = []
  const running = new Set<Promise<void>>()
  let ended = false
  const end = () => {
    ended = true
  }
  until.then(end, end)

  function begin(plannedAt: number): void {
    const till = free.pop()
    if (!till) {
      late.push(plannedAt)
      return
    }
    const redeeming = redeem(anyOf(cards))
    const redemption = till
      .send([redeeming], plannedAt)
      .then(async (held) => {
        if (held) await till.send([apply(redeeming.id)])
      })
      .finally(() => {
        running.delete(redemption)
        free.push(till)
        const next = late.shift()
        if (next !== undefined) begin(next)
      })
    running.add(redemption)
  }

  tally.open()
  const startedAt = performance.now()
  for (let count = 0; !ended; count += 1) {
    const plannedAt = startedAt + (count * 1000) / perSecond
    const early = plannedAt - performance.now()
    if (early > 0) await pause(early)
    begin(plannedAt)
  }
  while (running.size > 0) await Promise.all(running)
  tally.close()
  for (const { close } of tills) close()
  await until
  return tally.count()
}
