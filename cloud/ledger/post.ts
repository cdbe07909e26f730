import type { Outcome } from '../../shared/operation.ts'
import type { Instant } from '../../shared/time.ts'
import { byKey } from '../database/byKey.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { readHoldQuotas } from './holdQuotas.ts'
import { judge } from './judge.ts'
import { loadAccounts, lockAccounts } from './load.ts'
import { loadCounts } from './loadCounts.ts'
import { type Rules, rulesOf, selectRules } from './programme.ts'
import type { Request } from './request.ts'
import { writeBatch } from './write.ts'

export interface PostContext {
  now: () => Instant
  /** Overrides the programme's hold time. */
  holdSeconds?: number | undefined
  /** Of programmes that have none of their own. */
  timeZone?: string | undefined
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
  const rulesByProgramme = rulesOf(rulesRows, context)
  const rulesIn = (programmeId: number): Rules => {
    const rules = rulesByProgramme.get(programmeId)
    if (!rules) throw new Error(`the rules of programme ${programmeId} were not read`)
    return rules
  }
  const now = context.now()
  const [known, quotas] = await Promise.all([
    loadAccounts(sql, requests, locked, (id) => rulesIn(id).settings.duplicate_window_seconds),
    readHoldQuotas(sql, requests, { now, limitOf: (id) => rulesIn(id).settings.max_open_holds }),
    loadCounts(sql, requests, locked.accountOf, rulesIn),
  ])

  const { outcomes, executed, postings } = judge(requests, {
    rulesIn,
    now,
    known,
    quotas,
    accountOf: locked.accountOf,
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

/** Other transactions hold a customer for milliseconds: a wait of a second means a stuck session. */
async function prepareTransaction(sql: Tx): Promise<void> {
  await sql`select ${byKey(sql)}, set_config('lock_timeout', '1s', true)`
}
