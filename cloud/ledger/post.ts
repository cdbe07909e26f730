import type { Accepted, Outcome } from '../../shared/operation.ts'
import { bookAt } from '../../shared/rules/book.ts'
import { type Instant, toIso } from '../../shared/time.ts'
import { byKey } from '../database/byKey.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { type Account, advance, type Executed, type Posting, viewOf } from './account.ts'
import { decide } from './decide.ts'
import { readHoldQuotas } from './holdQuotas.ts'
import { loadAccounts, lockAccounts } from './load.ts'
import { FIRST_PROGRAMME, type Rules, rulesOf, selectRules } from './programme.ts'
import type { Request } from './request.ts'
import { writeBatch } from './write.ts'

export interface PostContext {
  now: () => Instant
  /** Overrides the programme's hold time. */
  holdSeconds?: number | undefined
}

/** Executes a batch of operations in one transaction of its own. */
export async function post(sql: Sql, requests: Request[], context: PostContext): Promise<Outcome[]> {
  return await sql.begin((sql) => postWithin(sql, requests, context))
}

/**
 * The only way points move, inside a transaction: for those that must move together with something else,
 * such as a welcome bonus with its customer. It locks the accounts, loads them, decides one operation after
 * the other, and writes all of it at once.
 */
export async function postWithin(sql: Tx, requests: Request[], context: PostContext): Promise<Outcome[]> {
  if (requests.length === 0) return []
  const since = Math.min(...requests.map(({ at }) => at))
  // Nothing may fail between these three but the database itself: what is under way has to end inside.
  const [, rulesRows, locked] = await Promise.all([
    prepareTransaction(sql),
    selectRules(sql, { programmeIds: programmesOf(requests), since }),
    lockAccounts(sql, requests),
  ])
  const rulesByProgramme = rulesOf(rulesRows, context.holdSeconds)
  const rulesIn = (programmeId: number): Rules => {
    const rules = rulesByProgramme.get(programmeId)
    if (!rules) throw new Error(`the rules of programme ${programmeId} were not read`)
    return rules
  }
  const now = context.now()
  const [known, quotas] = await Promise.all([
    loadAccounts(sql, requests, locked, (id) => rulesIn(id).settings.duplicate_window_seconds),
    readHoldQuotas(sql, requests, { now, limitOf: (id) => rulesIn(id).settings.max_open_holds }),
  ])

  const executed: Executed[] = []
  const postings: Posting[] = []
  function execute(operation: Omit<Executed, 'outcome'>, outcome: Outcome): Outcome {
    known.set(operation.id, { ...operation, outcome })
    executed.push({ ...operation, outcome })
    return outcome
  }
  const outcomes = requests.map((request): Outcome => {
    const account = locked.accountOf(request)
    const { settings, books } = rulesIn(programmeOf(request, account))
    const book = bookAt(books, request.at)
    const quota = quotas.of(request.author)
    const prior = known.get(request.id) ?? null
    const decision = decide({ request, account, prior, quota, now, settings, book })
    if (decision.status === 'replayed') return tellAgain(decision.executed.outcome, account)
    if (decision.status === 'refused') {
      return decision.isFinal ? execute(decision.execution, decision.refused) : decision.refused
    }
    const { hold } = decision.posting
    if (hold) quotas.move(decision.account.holds.get(hold.id), hold)
    postings.push(decision.posting)
    return execute(decision.posting.operation, accept(decision.account, decision.posting, now))
  })
  await writeBatch(sql, executed, postings)
  return outcomes
}

/** Null: all of them, because staff and jobs act in any. */
function programmesOf(requests: Request[]): number[] | null {
  const ids = new Set<number>()
  for (const { author } of requests) {
    if (author.type !== 'register') return null
    ids.add(author.programmeId)
  }
  return [...ids]
}

/** By whose rules a request is judged. One of staff that names no customer is refused by those of any programme. */
function programmeOf({ author }: Request, account: Account | null): number {
  if (account) return account.programmeId
  return author.type === 'register' ? author.programmeId : FIRST_PROGRAMME
}

/** Other transactions hold a customer for milliseconds: a wait of a second means a stuck session. */
async function prepareTransaction(sql: Tx): Promise<void> {
  await sql`select ${byKey(sql)}, set_config('lock_timeout', '1s', true)`
}

/** The stored outcome again. It was stored without the name, so that an erased customer leaves none behind. */
function tellAgain(outcome: Outcome, account: Account | null): Outcome {
  if (outcome.status === 'refused') return { ...outcome, replay: true }
  const firstName = account?.firstName ?? null
  return { ...outcome, replay: true, customer: { ...outcome.customer, firstName } }
}

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
    ...(hold && { hold: { state: hold.state, points: hold.points, until: toIso(hold.until) } }),
  }
  account.operations.set(id, { ...posting.operation, outcome })
  return outcome
}
