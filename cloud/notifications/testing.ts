import { pino } from 'pino'
import type { Instant } from '../../shared/time.ts'
import type { Sql } from '../database/connect.ts'
import type { Clock } from './clock.ts'
import { deliver } from './deliver.ts'
import type { Send, Sending } from './telegram.ts'

interface Sent {
  chatId: number | string
  text: string
  at: Instant
}

/** Telegram as the sender meets it: it answers as it is told to, one answer a message, and otherwise takes all. */
export function fakeTelegram() {
  const sent: Sent[] = []
  const answers: Sending[] = []
  let answer: (chatId: number | string) => Sending = () => ({ status: 'sent' })
  return {
    /** Whatever arrived, taken or not. */
    sent,
    next: (...more: Sending[]) => answers.push(...more),
    always: (of: typeof answer) => {
      answer = of
    },
    sendAt:
      (now: () => Instant): Send =>
      async ({ chatId, text }) => {
        sent.push({ chatId, text, at: now() })
        return answers.shift() ?? answer(chatId)
      },
  }
}

/** Time that passes only where somebody waits for it to pass. */
export function createTestClock(start: Instant): Clock & { advance(milliseconds: number): void } {
  let at = start
  const advance = (milliseconds: number) => {
    at += milliseconds
  }
  return {
    now: () => at,
    advance,
    async pause(milliseconds) {
      advance(milliseconds)
      await new Promise(setImmediate)
    },
  }
}

/** Runs the sender for so many seconds of its clock. */
export async function deliverFor(
  seconds: number,
  { sql, clock, send }: { sql: Sql; clock: Clock; send: Send },
): Promise<void> {
  const stopping = new AbortController()
  const end = clock.now() + seconds * 1000
  const ending: Clock = {
    now: clock.now,
    async pause(milliseconds, signal) {
      await clock.pause(milliseconds, signal)
      if (clock.now() >= end) stopping.abort()
    },
  }
  const log = pino({ level: 'silent' })
  await deliver({ sql, send, clock: ending, timeZone: 'Europe/Moscow', log, signal: stopping.signal })
}

/** Customers with the given cards as people of Telegram: the first is 1001 there, and so on. */
export async function addPeople(sql: Sql, ...cards: string[]): Promise<void> {
  await sql`
    with customer as (
      insert into customers (card, first_name)
      select card, 'Анна' from unnest(${cards}::text[]) with ordinality as given(card, place) order by place
      returning id)
    insert into people (telegram_id, customer_id, language)
    select 1000 + id, id, 'ru' from customer`
}
