import { hash } from 'node:crypto'
import type { Operation } from '../../shared/operation.ts'
import type { SignedCode } from '../../shared/signedCode.ts'
import type { Instant } from '../../shared/time.ts'
import type { Author, LotLife } from './account.ts'

type Timed<T> = T extends unknown ? Omit<T, 'at'> & { at: Instant; author: Author } : never

/** Operations that only staff and jobs of the cloud may ask for. */
type HouseOperation =
  | { kind: 'bonus'; id: string; at: string; card: string; points: number; reason: string }
  | {
      kind: 'adjust'
      id: string
      at: string
      card: string
      points: number
      reason: string
      /** The debt of an erased card follows its person to a new one, whole, whatever points are there. */
      carriesDebt?: true
      /** The lot of a gift that is taken back: points that expired unspent are forgiven, spent ones are owed. */
      takesBack?: LotLife
      /** The amount was approved by another person, or by the one who may decide alone. */
      isApproved?: true
    }
  | { kind: 'expire'; id: string; at: string; card: string }

/** The signed code of a redemption as the door has read it, null where it is not genuine; and the hash of its voucher. */
type Shown = { shown?: SignedCode | null; voucherHash?: string }
type ReadOperation = Exclude<Operation, { kind: 'redeem' }> | (Extract<Operation, { kind: 'redeem' }> & Shown)

/** An operation together with who asks for it: the one thing the ledger executes. */
export type Request = Timed<ReadOperation | HouseOperation>

/** The readers of codes that need a key. */
export interface Readers {
  /** Null where it is not genuine. */
  readCode(text: string): SignedCode | null
  hashVoucher(code: string): string
}

/** Without a reader no code is genuine, and a voucher is kept as it is. */
export function requestOf(
  operation: Operation,
  author: Author,
  { readCode = () => null, hashVoucher = (code) => code }: Partial<Readers> = {},
): Request {
  const common = { at: Date.parse(operation.at), author }
  if (operation.kind !== 'redeem') return { ...operation, ...common }
  return {
    ...operation,
    ...common,
    ...(operation.code !== undefined && { shown: readCode(operation.code) }),
    ...(operation.voucher !== undefined && { voucherHash: hashVoucher(operation.voucher) }),
  }
}

export const showsVoucher = (operation: { kind: string; voucher?: string | undefined }) =>
  operation.kind === 'redeem' && operation.voucher !== undefined

export const isApproved = (request: Request) => request.kind === 'adjust' && request.isApproved === true

export const carriesDebt = (request: Request) => request.kind === 'adjust' && request.carriesDebt === true

/** The lot of the gift that the request takes back. */
export const takenBack = (request: Request): LotLife | null =>
  (request.kind === 'adjust' && request.points < 0 && request.takesBack) || null

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

/** The parts of a batch that are judged one after the other. A merge is alone: after it, two customers are one. */
export function partsOf(requests: Request[]): Request[][] {
  const parts: Request[][] = []
  for (const request of requests) {
    const last = parts.at(-1)
    if (last && request.kind !== 'merge' && last[0]?.kind !== 'merge') last.push(request)
    else parts.push([request])
  }
  return parts
}

/**
 * A hash of all that makes two requests with one id the same. `confirmDuplicate` and an approval are answers to a question
 * about the operation and no part of it. A signed code is in it as its text, and not once more as what was read out of it. A
 * voucher is in it as its keyed hash: the stored content must not help to guess the code.
 */
export function contentOf(request: Request): string {
  const optional = {
    confirmDuplicate: undefined,
    shown: undefined,
    isApproved: undefined,
    voucher: undefined,
  }
  const { author, confirmDuplicate, shown, isApproved, voucher, ...content } = { ...optional, ...request }
  const ordered = Object.entries(content).filter(([, value]) => value !== undefined)
  ordered.sort(([a], [b]) => (a < b ? -1 : 1))
  return hash('sha256', JSON.stringify(ordered), 'hex')
}
