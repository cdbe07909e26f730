import type { Accepted, Outcome } from '../../shared/operation.ts'
import { bookAt } from '../../shared/rules/book.ts'
import { type Instant, toIso } from '../../shared/time.ts'
import {
  type Account,
  type Author,
  advance,
  type Executed,
  type Hold,
  type Posting,
  viewOf,
} from './account.ts'
import { createBudgets, type Spending } from './budgets.ts'
import { decide } from './decide.ts'
import type { HoldQuota } from './holdQuotas.ts'
import { FIRST_PROGRAMME, type Rules } from './programme.ts'
import type { Case } from './refusals.ts'
import { type Request, referenceOf } from './request.ts'
import { createVouchers, type LoadedVouchers, type Voucher } from './vouchers.ts'

/** All that a batch is judged by, wherever it was loaded from. */
export interface Loaded {
  now: Instant
  rulesIn(programmeId: number): Pick<Rules, 'settings' | 'books' | 'frozenAt'>
  /** Null where the request names no customer of its author's programme. */
  accountOf(request: Request): Account | null
  /** The account of the other card of a merge, likewise. */
  otherOf(request: Request): Account | null
  /** Operations that were executed under the ids of the batch before. */
  known: Map<string, Executed>
  /** Every budget from which the batch may draw, or to which it may give back. */
  spendings: ReadonlyMap<string, Spending>
  /** Every voucher that the batch shows, settles or refunds. */
  vouchers: LoadedVouchers
  quotas: {
    of(author: Author): HoldQuota | null
    move(before: Hold | undefined, after: Hold): void
  }
}

/** What a batch comes to: its answers in order, and what must be kept of it. */
export interface Judgement {
  outcomes: Outcome[]
  executed: Executed[]
  postings: Posting[]
  /** The budgets that have given more or less. */
  spendings: Spending[]
  /** The vouchers that were held, used or given back. */
  vouchers: Voucher[]
}

/** Decides one operation after the other; each sees the account as the one before has left it. */
export function judge(requests: Request[], loaded: Loaded): Judgement {
  const { accountOf, otherOf, known, quotas, rulesIn, now } = loaded
  const executed: Executed[] = []
  const postings: Posting[] = []
  const budgets = createBudgets(loaded.spendings)
  const vouchers = createVouchers(loaded.vouchers)

  function execute(operation: Omit<Executed, 'outcome'>, outcome: Outcome): Outcome {
    known.set(operation.id, { ...operation, outcome })
    executed.push({ ...operation, outcome })
    return outcome
  }

  function judgeOne(request: Request): Outcome {
    const reference = referenceOf(request)
    // A reference to an operation that was not executed finds no customer, whether or not both are in one batch.
    const account = reference === null || known.has(reference) ? accountOf(request) : null
    const programmeId = programmeOf(request, account)
    const { settings, books, frozenAt } = rulesIn(programmeId)
    const book = bookAt(books, request.at)
    const quota = quotas.of(request.author)
    const prior = known.get(request.id) ?? null
    const other = otherOf(request)
    const spentOf: Case['spentOf'] = (from) => budgets.spent({ programmeId, ...from })
    const voucher = vouchers.of(request, account)
    const decision = decide({
      ...{ request, account, other, prior, quota, now, settings, frozenAt, book, spentOf, voucher },
    })
    if (decision.status === 'replayed') return tellAgain(decision.executed.outcome, account)
    if (decision.status === 'refused')
      return decision.isFinal ? execute(decision.execution, decision.refused) : decision.refused
    const { hold } = decision.posting
    if (hold) quotas.move(decision.account.holds.get(hold.id), hold)
    budgets.move(decision.posting, book, now)
    vouchers.move(decision.posting)
    postings.push(decision.posting)
    return execute(decision.posting.operation, accept(decision.account, decision.posting, now))
  }

  const outcomes = requests.map(judgeOne)
  return { outcomes, executed, postings, spendings: budgets.changed(), vouchers: vouchers.changed() }
}

/** The programme whose rules judge a request. Where staff name no customer, it is refused by the rules of any programme. */
function programmeOf({ author }: Request, account: Account | null): number {
  if (account) return account.programmeId
  return author.type === 'register' ? author.programmeId : FIRST_PROGRAMME
}

/** The stored outcome again. It was stored without the name, so that an erased customer leaves none behind. */
function tellAgain(outcome: Outcome, account: Account | null): Outcome {
  if (outcome.status === 'refused') return { ...outcome, replay: true }
  const firstName = account?.firstName ?? null
  return { ...outcome, replay: true, customer: { ...outcome.customer, firstName } }
}

/** A till of an older version knows no vouchers: where there is none, the field is absent. */
export const toldOfHold = ({ state, points, until, voucherId, voucherKopecks }: Hold): Accepted['hold'] => ({
  ...{ state, points, until: toIso(until) },
  ...(voucherId !== null && { voucherKopecks }),
})

/** The account moves on, and the answer shows the customer as this operation left them. */
function accept(account: Account, posting: Posting, now: Instant): Accepted {
  const { id, kind, earned, spent } = posting.operation
  const { hold } = posting
  const outcome: Accepted = {
    id,
    kind,
    status: 'accepted',
    replay: false,
    earned,
    spent,
    customer: viewOf(advance(account, posting), now),
    ...(hold && { hold: toldOfHold(hold) }),
  }
  account.operations.set(id, { ...posting.operation, outcome })
  return outcome
}
