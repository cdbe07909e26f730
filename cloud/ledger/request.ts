import { hash } from 'node:crypto'
import type { Operation } from '../../shared/operation.ts'
import type { Instant } from '../../shared/time.ts'
import type { Author } from './account.ts'

type Timed<T> = T extends unknown ? Omit<T, 'at'> & { at: Instant; author: Author } : never

/** What only people and jobs of the cloud may ask. */
type HouseOperation =
  | { kind: 'adjust' | 'bonus'; id: string; at: string; card: string; points: number; reason: string }
  | { kind: 'expire'; id: string; at: string; card: string }

/** An operation together with who asks for it: the one thing the ledger executes. */
export type Request = Timed<Operation | HouseOperation>

export function requestOf(operation: Operation, author: Author): Request {
  return { ...operation, at: Date.parse(operation.at), author }
}

/** The operation of another one's id that this request settles or refunds, if it is of that kind. */
export function referenceOf(request: Request): string | null {
  switch (request.kind) {
    case 'apply':
    case 'release':
      return request.redeemId
    case 'refund':
      return request.originalId
    default:
      return null
  }
}

/**
 * What makes two requests with one id the same. `confirmDuplicate` is left out: it is the cashier's
 * answer to a question about the operation, not a part of it.
 */
export function contentOf(request: Request): string {
  const { author, confirmDuplicate, ...content } = { confirmDuplicate: undefined, ...request }
  const ordered = Object.entries(content).filter(([, value]) => value !== undefined)
  ordered.sort(([a], [b]) => (a < b ? -1 : 1))
  return hash('sha256', JSON.stringify(ordered), 'hex')
}
