import type { Outcome } from '../../shared/operation.ts'
import type { Instant } from '../../shared/time.ts'
import { byKey } from '../database/byKey.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { budgetsOf, lockBudgets } from './budgets.ts'
import { endedKeys, KeysEnded } from './endedKeys.ts'
import { countOpenHolds, holdQuotas } from './holdQuotas.ts'
import { type Judgement, judge, type Loaded } from './judge.ts'
import { loadAccounts, lockAll } from './load.ts'
import { loadCounts } from './loadCounts.ts'
import { ofProgrammes, type Rules, type RulesRow, rulesColumns, rulesOf } from './programme.ts'
import { partsOf, type Request } from './request.ts'
import { lockVouchers } from './vouchers.ts'
import { writeBatch } from './write.ts'
import { writeMerge } from './writeMerge.ts'

export interface PostContext {
  now: () => Instant
  /** Overrides the programme's hold time. */
  holdSeconds?: number | undefined
  /** Of programmes that have none of their own. */
  timeZone?: string | undefined
}

/**
 * Executes a batch of operations in one transaction of its own, in three round trips: it begins, it loads, and what it
 * writes goes with the commit. If what is written fails, the commit behind it rolls back.
 */
export async function post(sql: Sql, requests: Request[], context: PostContext): Promise<Outcome[]> {
  if (requests.length === 0) return []
  let written: Promise<void> = Promise.resolve()
  const outcomes = await sql.begin(async (sql) => {
    const carriedOut = await carryOut(sql, requests, context)
    written = carriedOut.written
    return carriedOut.outcomes
  })
  await written
  return outcomes
}

/**
 * The only way points move, inside a transaction: for those that must move together with something else,
 * such as a welcome bonus with its customer. It locks the accounts and loads them, decides one operation after
 * the other, and writes all of it at once.
 */
export async function postWithin(sql: Tx, requests: Request[], context: PostContext): Promise<Outcome[]> {
  if (requests.length === 0) return []
  const { outcomes, written } = await carryOut(sql, requests, context)
  await written
  return outcomes
}

/** What is written last is on its way, and heard of when the commit behind it is answered. */
interface CarriedOut {
  outcomes: Outcome[]
  written: Promise<void>
}

/** What a transaction does between its begin and its end; it writes nothing before it may. */
export async function carryOut(
  sql: Tx,
  requests: Request[],
  context: PostContext,
  mayWrite: Promise<unknown> = Promise.resolve(),
): Promise<CarriedOut> {
  const outcomes: Outcome[] = []
  let written: Promise<void> = Promise.resolve()
  for (const part of await partsInTurn(sql, requests)) {
    await written
    const { transaction, ...loaded } = await load(sql, part, context)
    await mayWrite
    const judged = judge(part, loaded)
    written = write(sql, judged, transaction)
    written.catch(() => {}) // heard of by those who wait for it
    outcomes.push(...judged.outcomes)
  }
  return { outcomes, written }
}

async function partsInTurn(sql: Tx, requests: Request[]): Promise<Request[][]> {
  const parts = partsOf(requests)
  if (parts.length > 1) {
    await prepareTransaction(sql)
    await lockAll(sql, requests)
  }
  return parts
}

async function write(sql: Tx, judged: Judgement, transaction: string): Promise<void> {
  const merges = judged.postings.filter((posting) => posting.merged !== null)
  await Promise.all([
    writeBatch(sql, judged, transaction),
    ...merges.map((posting) => writeMerge(sql, posting)),
  ])
}

/** Everything that a batch is judged by, asked for at once. */
async function load(
  sql: Tx,
  requests: Request[],
  context: PostContext,
): Promise<Loaded & { transaction: string }> {
  const askedAt = context.now()
  const [transaction, accounts, openHolds, rulesByProgramme] = await Promise.all([
    prepareTransaction(sql),
    loadAccounts(sql, requests),
    countOpenHolds(sql, requests, askedAt),
    loadRules(sql, requests, context),
  ])
  const rulesIn = (programmeId: number): Rules => {
    const rules = rulesByProgramme.get(programmeId)
    if (!rules) throw new Error(`the rules of programme ${programmeId} were not read`)
    return rules
  }
  const limitOf = (programmeId: number) => rulesIn(programmeId).settings.max_open_holds
  const quotas = holdQuotas(openHolds, { now: askedAt, limitOf })
  const { accountOf } = accounts
  // Asked in this order, and so locked in it: everybody locks customers, registers, vouchers and budgets one after the other.
  const [vouchers, spendings] = await Promise.all([
    lockVouchers(sql, requests, accountOf),
    lockBudgets(sql, budgetsOf(requests, accountOf, rulesIn)),
    loadCounts(sql, requests, accountOf, rulesIn, askedAt),
  ])
  return { ...accounts, transaction, rulesIn, quotas, spendings, vouchers, now: context.now() }
}

/** By what rules the batch goes, unless one of its keys has ended: both as they are under the locks. */
async function loadRules(sql: Tx, requests: Request[], context: PostContext): Promise<Map<number, Rules>> {
  const since = Math.min(...requests.map(({ at }) => at))
  const rows = await sql<(RulesRow & { endedKeys: string[] })[]>`
    select ${rulesColumns(sql, since)}, ${endedKeys(sql, requests)} as "endedKeys"
    from programmes ${ofProgrammes(sql, programmesOf(requests))} order by id`
  const ended = rows[0]?.endedKeys ?? []
  if (ended.length > 0) throw new KeysEnded(ended)
  return rulesOf(rows, context)
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

/**
 * Which transaction this is, as Postgres calls it. Other transactions hold a customer for milliseconds: a wait of a second means
 * a stuck session. Each statement is planned once: where it looks rows up by key, what it is given changes nothing about the way.
 */
async function prepareTransaction(sql: Tx): Promise<string> {
  const [row] = await sql<{ transaction: string }[]>`
    select ${byKey(sql)}, set_config('plan_cache_mode', 'force_generic_plan', true),
      set_config('lock_timeout', '1s', true), pg_current_xact_id()::text as transaction`.execute()
  return row?.transaction ?? ''
}
