import type { Unjudged } from '../../../shared/bridge.ts'
import type { HeardOutcome, HeardRefusal } from '../../../shared/operation.ts'

/** What an operation is after its outcome: parked means that it needs a person. */
export type Settled = 'accepted' | 'refused' | 'parked'

export interface Asked {
  kind: string
  /** The cashier waits at the screen for the answer. */
  isAttended: boolean
  /** Of an apply or a release: whether the ledger accepted its redemption; null where that is not known. */
  wasRedeemed: boolean | null
}

/**
 * | refused         | because                                | then                                        |
 * | redeem          | anything                               | refused: nothing was taken, nothing is owed |
 * | release         | released or expired already            | refused: it is as it should be              |
 * | release         | of a redemption that was refused       | refused: there is nothing to give back      |
 * | apply           | applied already                        | refused: it is as it should be              |
 * | anything else   | the cloud has not judged it            | parked: it may be done, and may be not      |
 * | anything else   | and the cashier waits for it           | refused: the cashier decides                |
 * | anything else   | and the cashier does not               | parked                                      |
 */
export function settle(asked: Asked, outcome: HeardOutcome): Settled {
  if (outcome.status === 'accepted') return 'accepted'
  if (asked.kind === 'redeem') return 'refused'
  if (asked.kind === 'apply' || asked.kind === 'release')
    return isAsItShouldBe(asked, outcome) ? 'refused' : 'parked'
  return asked.isAttended && !isUnjudged(outcome) ? 'refused' : 'parked'
}

const unjudged: readonly string[] = ['internal', 'unreadable'] satisfies Unjudged[]
const isUnjudged = ({ code }: HeardRefusal) => unjudged.includes(code)

function isAsItShouldBe({ kind, wasRedeemed }: Asked, { code, details }: HeardRefusal): boolean {
  if (code === 'original_not_found') return kind === 'release' && wasRedeemed === false
  const wanted = kind === 'apply' ? ['applied'] : ['released', 'expired']
  return code === 'already_resolved' && wanted.includes(String(details.resolution))
}
