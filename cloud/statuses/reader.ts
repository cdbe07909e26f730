import { createHash } from 'node:crypto'
import type { Book } from '../../shared/rules/book.ts'
import type { Instant } from '../../shared/time.ts'
import { customersOf } from '../feed/operations.ts'
import type { Reader } from '../feed/reader.ts'
import { evaluate } from './evaluate.ts'

export const STATUSES = 'statuses'

/**
 * Judges the status of customers with new operations, and of all customers where the statuses of a book have changed:
 * those are the basis of its work.
 */
export function createStatusReader(ladders: ReadonlyMap<number, Book>, now: Instant): Reader {
  return {
    name: STATUSES,
    basis: basisOf(ladders),
    walk: async (sql, customerIds) => void (await evaluate(sql, { customerIds, ladders, by: 'book', now })),
    follow: async (sql, operations) => {
      const customerIds = await customersOf(sql, operations)
      await evaluate(sql, { customerIds, ladders, by: 'purchase', now })
    },
  }
}

function basisOf(ladders: ReadonlyMap<number, Book>): string {
  const said = [...ladders].map(([id, { statuses, status_terms, timeZone }]) => [
    ...[id, statuses, status_terms, timeZone],
  ])
  return createHash('sha256').update(JSON.stringify(said)).digest('hex').slice(0, 32)
}
