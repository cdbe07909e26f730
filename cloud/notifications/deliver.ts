import type { Logger } from 'pino'
import { SECOND } from '../../shared/time.ts'
import type { Sql } from '../database/connect.ts'
import { isOutage } from '../database/outage.ts'
import { attempt, prepare, type Sender } from './attempt.ts'
import { type Clock, systemClock } from './clock.ts'
import { type Begun, beginNext } from './messages.ts'
import { createPace } from './pace.ts'
import type { Send } from './telegram.ts'

/** How often an idle line is looked at: a customer should hear of a purchase while still in the shop. */
const POLL_MS = SECOND
/** So many answers of Telegram are waited for at the same time. */
const AT_ONCE = 16

export interface Delivery {
  sql: Sql
  send: Send
  clock?: Clock
  /** Of the shops: a purchase that is told late was on the day that was there. */
  timeZone: string
  log: Logger
  /** Ends the loop; what is being sent by then is still sent and marked. */
  signal: AbortSignal
  /** The process itself ends: a database that is away is not waited for, as it is at the end of a lead. */
  stopping?: AbortSignal
}

/**
 * Sends what people are to be told, until the signal says to stop. Messages are taken and counted one at a time,
 * each just before it is sent, and the line is nowhere but in the database: a message whose process has died is due
 * again when its lease is over, and no other has noticed.
 */
export async function deliver({
  sql,
  send,
  clock = systemClock,
  timeZone,
  log,
  signal,
  stopping = signal,
}: Delivery): Promise<void> {
  const pace = createPace(clock, signal)
  const sender: Sender = { sql, send, clock, timeZone, log, pace, stopping }
  const underWay = new Set<Promise<void>>()
  let isDatabaseAway = false

  while (!signal.aborted) {
    await pace.turn()
    if (underWay.size >= AT_ONCE) await Promise.race(underWay)
    if (signal.aborted) break
    const begun = await begin()
    if (begun) track(begun, await prepare(sender, begun))
    else await clock.pause(POLL_MS, signal)
  }
  await Promise.all(underWay)

  async function begin(): Promise<Begun | null> {
    try {
      const begun = await beginNext(sql, { now: clock.now(), busy: pace.busy() })
      isDatabaseAway = false
      return begun
    } catch (error) {
      if (!isOutage(error)) log.error({ err: error }, 'the next message could not be read')
      else if (!isDatabaseAway)
        log.warn({ problem: (error as Error).message }, 'messages wait: the database is away')
      isDatabaseAway = isOutage(error)
      return null
    }
  }

  function track(begun: Begun, prepared: Awaited<ReturnType<typeof prepare>>): void {
    const { customerId, kind, reference } = begun
    pace.occupy(customerId)
    if (prepared.status === 'ready') pace.sends()
    const sending = attempt(sender, begun, prepared)
      .catch((error) => {
        // The message stays begun, and is tried once more when its lease is over.
        log.error(
          { err: error, customer: customerId, kind, reference },
          'what became of a message was not written',
        )
      })
      .finally(() => {
        pace.release(customerId)
        underWay.delete(sending)
      })
    underWay.add(sending)
  }
}
