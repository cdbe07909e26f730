import { pino } from 'pino'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type BotApi, startBotApi } from '../testing/botApi.ts'
import { poll } from './poll.ts'

const token = '12345:a-token_for-tests'
const log = pino({ level: 'silent' })

let telegram: BotApi
beforeEach(async () => {
  telegram = await startBotApi({ token })
})
afterEach(() => telegram.stop())

it('that is to stop ends what it began, and leaves the rest at Telegram', async () => {
  const stopping = new AbortController()
  const ids = Array.from({ length: 9 }, (_, person) => telegram.person({ id: person + 1 }).says('/help'))
  const handled: number[] = []
  await poll({ token, apiUrl: telegram.url, log, signal: stopping.signal }, async ({ update_id: id }) => {
    handled.push(id)
    if (handled.length < 4) await new Promise((resolve) => stopping.signal.addEventListener('abort', resolve))
    else stopping.abort()
  })
  expect(handled).toEqual(ids.slice(0, 4))
  expect(telegram.waiting().map(({ update_id: id }) => id)).toEqual(ids.slice(4))
})
