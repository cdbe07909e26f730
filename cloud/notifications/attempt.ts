import type { Logger } from 'pino'
import { SECOND } from '../../shared/time.ts'
import type { Sql } from '../database/connect.ts'
import { isOutage } from '../database/outage.ts'
import { setReachable } from '../people/people.ts'
import type { Clock } from './clock.ts'
import { type Composed, compose } from './compose.ts'
import { type Begun, LEASE_MS, putBack, settle } from './messages.ts'
import type { Pace } from './pace.ts'
import type { Send, Sending } from './telegram.ts'
import { again, dropped, givenUp, type Verdict, verdictOf } from './verdict.ts'

/** A message may end two processes before a person looks at it. */
const INTERRUPTIONS = 2

export interface Sender {
  sql: Sql
  send: Send
  clock: Clock
  /** Of the shops. */
  timeZone: string
  log: Logger
  pace: Pace
  stopping: AbortSignal
}

type Ready = Composed & { status: 'ready' }

/** What a message that was begun says and to whom; or, where it is not to be sent, what becomes of it. */
export async function prepare(sender: Sender, begun: Begun): Promise<Ready | Verdict> {
  const { clock, pace } = sender
  if (begun.interruptions >= INTERRUPTIONS) return givenUp('its process ended twice while it was being sent')
  const composed = await tryComposing(sender, begun)
  if (composed.status === 'database_away') return again(clock.now() + SECOND, 'the database was away')
  if (composed.status === 'pointless') return dropped(composed.why, composed.fate)
  if (composed.status === 'early') return again(composed.at, composed.why)
  if (composed.status === 'unreadable') return givenUp(composed.why)
  // After standing still for so long, this process may have lost it to another.
  if (clock.now() - begun.begunAt > LEASE_MS / 2) return again(clock.now(), 'it took too long to begin')
  // Another message has just been told that all must wait.
  if (pace.heldUntil() > clock.now()) return again(pace.heldUntil(), 'Telegram wants no messages')
  return composed
}

/** Sends what was prepared, once, and writes down what became of the message. */
export async function attempt(sender: Sender, begun: Begun, prepared: Ready | Verdict): Promise<void> {
  const verdict = prepared.status === 'ready' ? await sendOnce(sender, begun, prepared) : prepared
  if (verdict.status === 'settled' && verdict.state === 'parked') {
    const { kind, reference, customerId: customer } = begun
    sender.log.error({ problem: verdict.problem, kind, reference, customer }, 'a message is parked')
  }
  await write(sender, begun, verdict)
}

async function sendOnce(sender: Sender, begun: Begun, ready: Ready): Promise<Verdict> {
  const { clock, pace } = sender
  const sending = await trySending(sender, ready)
  const away = sending.status === 'away' ? pace.away(begun.begunAt) : null
  const verdict = verdictOf(sending, begun, { now: clock.now(), away })
  if (sending.status === 'slow_down' && verdict.status === 'waits') pace.holdUntil(verdict.dueAt)
  tellChange(sender, sending, away)
  return verdict
}

async function tryComposing({ sql, clock, timeZone, log }: Sender, begun: Begun) {
  try {
    return await compose(sql, begun, { now: clock.now(), timeZone })
  } catch (error) {
    if (isOutage(error)) return { status: 'database_away' } as const
    log.error({ err: error }, 'the text of a message could not be written')
    return { status: 'unreadable', why: 'its text could not be written' } as const
  }
}

async function trySending({ send, log }: Sender, { chatId, text }: Ready): Promise<Sending> {
  try {
    return await send({ chatId, text })
  } catch (error) {
    log.error({ err: error }, 'sending a message met a bug')
    return { status: 'failed', problem: `a fault of ours: ${(error as Error).name}` }
  }
}

/** An outage is told once at its beginning and once at its end. */
function tellChange({ log, pace }: Sender, sending: Sending, away: { isFirst: boolean } | null): void {
  if (sending.status === 'slow_down') log.warn({ seconds: sending.seconds }, 'Telegram wants fewer messages')
  if (sending.status === 'away') {
    if (away?.isFirst) log.warn({ problem: sending.problem }, 'Telegram does not answer: messages wait')
  } else if (pace.answered().wasAway) log.info('Telegram answers again')
}

/** What Telegram has taken must be marked, however long the database is away: or it is told twice. */
async function write({ sql, clock, stopping }: Sender, begun: Begun, verdict: Verdict): Promise<void> {
  for (;;) {
    try {
      return await writeOnce(sql, begun, verdict, clock.now())
    } catch (error) {
      if (!isOutage(error) || stopping.aborted) throw error
      await clock.pause(SECOND, stopping)
    }
  }
}

async function writeOnce(sql: Sql, begun: Begun, verdict: Verdict, now: number): Promise<void> {
  if (verdict.status === 'waits') return await putBack(sql, begun, verdict)
  if (verdict.status === 'settled') return await settle(sql, begun, { ...verdict, now })
  await sql.begin(async (sql) => {
    if (begun.person) await setReachable(sql, begun.person.telegramId, { isReachable: false, now })
    await settle(sql, begun, { state: 'dropped', problem: verdict.problem, fate: 'blocked', now })
  })
}
