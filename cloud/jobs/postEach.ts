import type { Outcome } from '../../shared/operation.ts'
import type { Sql } from '../database/connect.ts'
import { isHeldUp, isOutage } from '../database/outage.ts'
import { findHeld } from '../ledger/held.ts'
import { post } from '../ledger/post.ts'
import { createQueue } from '../ledger/queue.ts'
import type { Request } from '../ledger/request.ts'
import type { JobContext } from './job.ts'

/**
 * Posts requests that have nothing to do with each other in one transaction. Where one of them meets a
 * bug or a locked customer, the others still go through, each alone, and the failure is logged and counted.
 */
export async function postEach(sql: Sql, requests: Request[], { now, holdSeconds, log }: JobContext) {
  const queue = createQueue(
    (group) => post(sql, group, { now: () => now, holdSeconds }),
    (group) => findHeld(sql, group),
  )
  const settled = await Promise.allSettled(requests.map((request) => queue.submit([request])))
  const outcomes: Outcome[] = []
  let failed = 0
  for (const [index, answer] of settled.entries()) {
    if (answer.status === 'fulfilled') outcomes.push(...answer.value)
    else if (isOutage(answer.reason) && !isHeldUp(answer.reason)) throw answer.reason
    else {
      failed += 1
      const { kind, id } = requests[index] ?? {}
      log?.error(
        { err: answer.reason, operation: id, kind },
        'an operation of a job failed; the next run tries it again',
      )
    }
  }
  return { outcomes, failed }
}
