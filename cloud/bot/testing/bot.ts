import { pino } from 'pino'
import type { Operator } from '../../../shared/consent.ts'
import { testVoucherKey } from '../../access/testing/voucherKey.ts'
import { createTestDatabase } from '../../database/testing.ts'
import { execute, noonOf } from '../../jobs/testing.ts'
import type { Request } from '../../ledger/request.ts'
import { testOperator } from '../../people/testing.ts'
import { openBot } from '../run.ts'
import { startBotApi } from './botApi.ts'

export const token = '12345:a-token_for-tests'

interface Options {
  publicUrl?: string | undefined
  operator?: Operator | undefined
}

/** The real bot and a real Postgres, with a Bot API server and a clock of the test's own. */
export async function openTestBot(options: Options = {}) {
  const { publicUrl } = options
  const operator = 'operator' in options ? options.operator : testOperator
  const database = await createTestDatabase()
  const { sql } = database
  const telegram = await startBotApi({ token })
  const clock = { now: noonOf(0) }
  const waits: number[] = []
  const logged: string[] = []
  const log = pino({ level: 'debug' }, { write: (line: string) => logged.push(line) })
  const bot = openBot(
    {
      telegram: { token, apiUrl: telegram.url, publicUrl },
      chainName: 'Ромашка',
      supportContact: '@romashka_help',
      operator,
      timeZone: 'Europe/Moscow',
      holdSeconds: undefined,
    },
    {
      sql,
      voucherKey: () => testVoucherKey,
      now: () => clock.now,
      log,
      wait: async (milliseconds) => {
        waits.push(milliseconds)
      },
    },
  )
  bot.start()

  /** A customer who has agreed, and has seen the card. */
  async function customer(options: Parameters<typeof telegram.person>[0]) {
    const person = telegram.person(options)
    person.says('/start')
    await person.taps(/^(Согласен|I agree)$/)
    await person.sees(/Готово|Done/)
    const [row] = await sql<{ card: string; customerId: number }[]>`
      select c.card, c.id as "customerId" from customers c join people p on p.customer_id = c.id
      where p.telegram_id = ${options.id}`
    if (!row) throw new Error('who agreed has no card')
    return Object.assign(person, row)
  }

  return {
    ...database,
    telegram,
    clock,
    /** How long replies were put off because Telegram was asked too much. */
    waits,
    logged,
    bot,
    customer,
    executes: (...requests: Request[]) => execute(sql, ...requests),
    async close() {
      await bot.stop()
      await telegram.stop()
      await database.drop()
    },
  }
}

export type TestBot = Awaited<ReturnType<typeof openTestBot>>
