import type { Accepted, Outcome } from '../../shared/operation.ts'
import { type Instant, toIso } from '../../shared/time.ts'
import type { Sql } from '../database/connect.ts'
import { type Account, advance, type Executed, type Posting, viewOf } from './account.ts'
import { decide, executionOf } from './decide.ts'
import { loadBatch } from './load.ts'
import { readProgramme } from './programme.ts'
import type { Request } from './request.ts'
import { writeBatch } from './write.ts'

export interface PostContext {
  now: () => Instant
  /** Overrides the programme's hold time. */
  holdSeconds?: number | undefined
}

/**
 * Executes a batch of operations in one transaction: the only way points move. It locks the accounts,
 * loads them, decides one operation after the other, and writes all of it at once.
 */
export async function post(sql: Sql, requests: Request[], context: PostContext): Promise<Outcome[]> {
  return await sql.begin(async (sql) => {
    // The ledger looks rows up by key. A plan made while a table was young must not become a scan of it.
    const [{ programme }] = await Promise.all([
      readProgramme(sql, context.holdSeconds),
      sql`set local enable_seqscan = off`,
    ])
    const batch = await loadBatch(sql, requests, programme)
    const now = context.now()

    const postings: Posting[] = []
    const executed: Executed[] = []
    const outcomes = requests.map((request): Outcome => {
      const account = batch.accountOf(request)
      const decision = decide({
        request,
        account,
        prior: batch.prior.get(request.id) ?? null,
        now,
        programme,
      })
      if (decision.status === 'replayed') return { ...decision.executed.outcome, replay: true }

      if (decision.status === 'refused') {
        if (account && decision.isFinal) {
          const refused = { ...executionOf(account, request, now), outcome: decision.refused }
          batch.prior.set(request.id, refused)
          executed.push(refused)
        }
        return decision.refused
      }

      const { posting } = decision
      if (!account) throw new Error('a posting without an account')
      const outcome = accept(account, posting, now)
      const accepted = { ...posting.operation, outcome }
      batch.prior.set(request.id, accepted)
      executed.push(accepted)
      postings.push(posting)
      return outcome
    })
    await writeBatch(sql, executed, postings)
    return outcomes
  })
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
