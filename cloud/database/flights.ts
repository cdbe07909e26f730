import type { ReservedSql } from 'postgres'
import type { Sql, Tx, Types } from './connect.ts'
import { isLostConnection } from './outage.ts'

/** What is asked and written in two flights: statements of one flight do not wait for each other's answers. */
interface Flights<Loaded, Result> {
  load(sql: Tx): Promise<Loaded>
  /** What is to be written of what was loaded, and what comes of it. Nothing is waited for here. */
  decide(loaded: Loaded): { result: Result; write(sql: Tx): Promise<unknown> }
}

/**
 * A transaction of two round trips: it begins with what it loads, and what it writes goes with the commit. Statements
 * go in the order in which they are executed; those that are merely awaited go after them. One that fails takes all
 * behind it with it, and the commit too: Postgres rolls back instead.
 */
export async function inTwoFlights<Loaded, Result>(
  sql: Sql,
  { load, decide }: Flights<Loaded, Result>,
): Promise<Result> {
  const session: ReservedSql<Types> = await sql.reserve()
  const tx = session as unknown as Tx
  try {
    const [, loaded] = await together([session`begin`.execute(), load(tx)])
    const { result, write } = decide(loaded)
    const [, committed] = await together([write(tx), session`commit`.execute()])
    if (committed.command !== 'COMMIT')
      throw new Error(`Postgres answered the commit with ${committed.command}`)
    session.release()
    return result
  } catch (error) {
    // A connection that is lost belongs to whoever makes it anew: nothing more may be said on it.
    const letGo = () => session.release()
    if (!isLostConnection(error)) await session`rollback`.then(letGo, () => {})
    throw error
  }
}

/** Ends when all of them have ended, with the error of the first that failed: the others failed for it. */
async function together<T extends readonly Promise<unknown>[]>(
  work: [...T],
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(work)
  return await Promise.all(work)
}
