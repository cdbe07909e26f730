import { openLockSession } from '../locks.ts'
import { isOutage } from '../outage.ts'

// Every process that uses the embedded server holds this advisory lock, shared, in a session of its own. The last one
// gets it alone and stops the server. A process that comes while the server is being stopped waits for the lock, loses
// the connection and starts the server anew.
const LOCK = 0x6b6f71

/** `leave` runs `stop` where no other process uses the server, before the lock is let go. */
export type Presence = { leave(stop: () => Promise<void>): Promise<void> }

/** Undefined when the server went away meanwhile. `onLost`: the server broke off the session by itself. */
export async function announce(url: string, onLost: () => void): Promise<Presence | undefined> {
  let present = false
  const sql = openLockSession(url, 'kopilka presence', {
    connect_timeout: 5,
    onnotice: () => {},
    onclose: () => {
      if (present) onLost()
      present = false
    },
  })
  try {
    await sql`select pg_advisory_lock_shared(${LOCK})`
    present = true
  } catch (error) {
    await sql.end({ timeout: 0 })
    if (isOutage(error)) return undefined
    throw error
  }
  return {
    async leave(stop) {
      present = false
      try {
        await sql`select pg_advisory_unlock_shared(${LOCK})`
        const [row] = await sql`select pg_try_advisory_lock(${LOCK}) as alone`
        if (row?.alone) await stop()
      } catch (error) {
        if (!isOutage(error)) throw error // else the server is gone: nothing to stop
      } finally {
        await sql.end({ timeout: 0 })
      }
    },
  }
}
