import type { Outcome } from '../../shared/operation.ts'
import { connect, type Sql, type Tx } from '../database/connect.ts'
import type { Database } from '../database/open.ts'
import { isHeldUp, isOutage } from '../database/outage.ts'
import { withDeadline } from '../deadline.ts'
import { carryOut, type PostContext, post, SETTINGS } from './post.ts'
import { GROUP_DEADLINE_MS, silent, type Turn } from './queue.ts'
import type { Request } from './request.ts'

/**
 * Executes one batch right behind the other, on a connection of its own: while one is committed, the next one begins and
 * loads. The connection does all in the order in which it is asked, so what the next one loads is what the one before has
 * left, and the answer about that commit is there before the answers to this load.
 */
export function createWriter(
  { sql, url }: Pick<Database, 'sql' | 'url'>,
  context: PostContext,
  open = openConnection,
) {
  let connection = open(url)
  /** Resolves when the latest transaction has sent its commit: only then may the next one begin. */
  let turn: Promise<void> = Promise.resolve()

  async function execute(requests: Request[], given?: Turn): Promise<Outcome[]> {
    if (requests.length === 0) return []
    const { promise: ended, resolve: end } = Promise.withResolvers<void>()
    const mayBegin = turn
    turn = ended
    await mayBegin
    if (requests.some(({ kind }) => kind === 'merge')) return await executeApart(requests, given).finally(end)
    const own = connection
    const watch = setTimeout(() => replace(own), GROUP_DEADLINE_MS)
    try {
      return await transact(own, requests, {
        before: given?.before ?? Promise.resolve(),
        onSent() {
          end()
          given?.onSent()
        },
      })
    } finally {
      clearTimeout(watch)
      end()
    }
  }

  /** A merge is written in several statements, which only a transaction of the driver keeps on one connection. */
  async function executeApart(requests: Request[], given?: Turn): Promise<Outcome[]> {
    await given?.before
    return await withDeadline(post(sql, requests, context), GROUP_DEADLINE_MS, silent)
  }

  async function transact(own: Sql, requests: Request[], { before, onSent }: Turn): Promise<Outcome[]> {
    let isSent = false
    try {
      const begun = own.unsafe(BEGIN).execute()
      const [, { outcomes, written }] = await Promise.all([
        begun,
        carryOut(within(own), requests, context, before),
      ])
      const committed = Promise.all([written, own`commit`.execute()])
      isSent = true
      onSent()
      await committed
      return outcomes
    } catch (error) {
      if (isOutage(error) && !isHeldUp(error)) replace(own)
      else if (!isSent) own`rollback`.execute().catch(() => replace(own))
      throw error
    }
  }

  /** Opens another connection in the place of one that has died or has gone silent, with whatever it is still asked. */
  function replace(lost: Sql): void {
    if (connection !== lost) return
    connection = open(url)
    lost.end({ timeout: 0 })
  }

  return { execute, end: () => connection.end({ timeout: 5 }) }
}

/** One message for what comes before the first question. */
const BEGIN = `begin; ${SETTINGS}`

const openConnection = (url: string): Sql =>
  connect(url, { name: 'kopilka ledger', poolSize: 1, isKept: true })

/** There is one connection, so what it is asked is part of the transaction that it began. */
const within = (connection: Sql) => connection as unknown as Tx
