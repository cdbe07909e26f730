import type { Unjudged } from '../../../shared/bridge.ts'
import type { HeardOutcome, HeardRefusal } from '../../../shared/operation.ts'

/** What an operation is after its outcome: parked means that it needs a person. */
export type Settled = 'accepted' | 'refused' | 'parked'

export interface Asked {
  kind: string
  /** The cashier waits at the screen for the answer. */
  isAttended: boolean
  /** All of it was undone before the ledger had answered. */
  isUndone: boolean
  /** Of what settles or refunds another operation: the state of that one; null where it is not known. */
  original: string | null
}

/**
 * | refused         | because                                | then                                        |
 * | redeem          | anything                               | refused: nothing was taken, nothing is owed |
 * | release         | released or expired already            | refused: it is as it should be              |
 * | release         | of a redemption that was refused       | refused: there is nothing to give back      |
 * | apply           | applied already                        | refused: it is as it should be              |
 * | refund          | of an operation that was refused       | refused: there is nothing to take back      |
 * | anything else   | the cloud has not judged it            | parked: it may be done, and may be not      |
 * | anything else   | and the cashier waits for it           | refused: the cashier decides                |
 * | anything else   | and it was undone meanwhile            | refused: nobody wants it any more           |
 * | anything else   | and the cashier does not               | parked                                      |
 */
export function settle(asked: Asked, outcome: HeardOutcome): Settled {
  if (outcome.status === 'accepted') return 'accepted'
  if (asked.kind === 'redeem' || isAsItShouldBe(asked, outcome)) return 'refused'
  if (asked.kind === 'apply' || asked.kind === 'release') return 'parked'
  return (asked.isAttended || asked.isUndone) && !isUnjudged(outcome) ? 'refused' : 'parked'
}

const unjudged: readonly string[] = ['internal', 'unreadable'] satisfies Unjudged[]
const isUnjudged = ({ code }: HeardRefusal) => unjudged.includes(code)

function isAsItShouldBe({ kind, original }: Asked, { code, details }: HeardRefusal): boolean {
  if (code === 'original_not_found') return kind !== 'apply' && original === 'refused'
  const wanted = { apply: ['applied'], release: ['released', 'expired'] }[kind]
  return code === 'already_resolved' && wanted !== undefined && wanted.includes(String(details.resolution))
}
