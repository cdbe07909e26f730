import type { Outcome } from '../../shared/operation.ts'
import type { Instant } from '../../shared/time.ts'
import { BY_KEY } from '../database/byKey.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { budgetsOf, lockBudgets } from './budgets.ts'
import { KeysEnded } from './endedKeys.ts'
import { holdQuotas } from './holdQuotas.ts'
import { type Judgement, judge, type Loaded } from './judge.ts'
import { loadAccounts, lockAll } from './load.ts'
import { loadCounts } from './loadCounts.ts'
import { type Rules, rulesOf } from './programme.ts'
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
    const [, carriedOut] = await Promise.all([prepare(sql), carryOut(sql, requests, context)])
    written = carriedOut.written
    return carriedOut.outcomes
  })
  await written
  return outcomes
}

/**
 * The only way points move, inside a transaction of the caller: for points that must move together with something else,
 * such as a welcome bonus with its customer. It locks the accounts and loads them, decides one operation after
 * the other, and writes all of it at once.
 */
export async function postWithin(sql: Tx, requests: Request[], context: PostContext): Promise<Outcome[]> {
  if (requests.length === 0) return []
  const [, { outcomes, written }] = await Promise.all([prepare(sql), carryOut(sql, requests, context)])
  await Promise.all([written, sql.unsafe(JOINS_AGAIN).execute()])
  return outcomes
}

const prepare = (sql: Tx) => sql.unsafe(SETTINGS).execute()

/** The last statements of a batch are sent, but not answered: `written` settles before the commit behind them does. */
interface CarriedOut {
  outcomes: Outcome[]
  written: Promise<void>
}

/** What a transaction with `SETTINGS` does between its begin and its end. It writes nothing before `mayWrite`. */
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
    written.catch(() => {}) // the caller awaits it
    outcomes.push(...judged.outcomes)
  }
  return { outcomes, written }
}

async function partsInTurn(sql: Tx, requests: Request[]): Promise<Request[][]> {
  const parts = partsOf(requests)
  if (parts.length > 1) await lockAll(sql, requests)
  return parts
}

async function write(sql: Tx, judged: Judgement, transaction: string): Promise<void> {
  const merges = judged.postings.filter((posting) => posting.merged !== null)
  await Promise.all([
    writeBatch(sql, judged, transaction),
    ...merges.map((posting) => writeMerge(sql, posting)),
  ])
}

/** All that a batch is judged by, asked for at once: accounts, rules, vouchers, budgets, and whether its keys are still good. */
async function load(
  sql: Tx,
  requests: Request[],
  context: PostContext,
): Promise<Loaded & { transaction: string }> {
  const askedAt = context.now()
  const { answers, ...accounts } = await loadAccounts(sql, requests, askedAt)
  if (answers.endedKeys.length > 0) throw new KeysEnded(answers.endedKeys)
  const rulesByProgramme = rulesOf(answers.rules, context)
  const rulesIn = (programmeId: number): Rules => {
    const rules = rulesByProgramme.get(programmeId)
    if (!rules) throw new Error(`the rules of programme ${programmeId} were not read`)
    return rules
  }
  const limitOf = (programmeId: number) => rulesIn(programmeId).settings.max_open_holds
  const quotas = holdQuotas(answers.holdsOfRegisters, { now: askedAt, limitOf })
  const { accountOf } = accounts
  // Asked in this order, and so locked in it: every writer locks customers, registers, vouchers and budgets one after the other.
  const [vouchers, spendings] = await Promise.all([
    lockVouchers(sql, requests, accountOf),
    lockBudgets(sql, budgetsOf(requests, accountOf, rulesIn)),
    loadCounts(sql, requests, accountOf, rulesIn, askedAt),
  ])
  const transaction = answers.transaction[0]?.id ?? ''
  return { ...accounts, transaction, rulesIn, quotas, spendings, vouchers, now: context.now() }
}

/**
 * Other transactions hold a customer for milliseconds: a wait of a second means a stuck session. Each statement is planned
 * once: where it looks rows up by key, what it is given changes nothing about the way.
 */
export const SETTINGS = `
  ${BY_KEY}
  set local enable_hashjoin = off;
  set local enable_mergejoin = off;
  set local plan_cache_mode = force_generic_plan;
  set local lock_timeout = '1s';`

/** Whatever a caller does behind it, in its own transaction, may need them. */
const JOINS_AGAIN = `
  set local enable_hashjoin to default;
  set local enable_mergejoin to default;`
