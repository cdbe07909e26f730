import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readConfig } from '../config.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { operatorEnvironment } from '../people/testing.ts'
import { serveCloud } from '../serve.ts'
import { startCloudProcess } from '../testing/process.ts'
import { webhookSecret } from './receive/webhook.ts'
import { token } from './testing/bot.ts'
import { type BotApi, startBotApi } from './testing/botApi.ts'

describe('a cloud with a bot', () => {
  let database: TestDatabase
  let telegram: BotApi
  const cleanUps: (() => Promise<unknown>)[] = []
  beforeEach(async () => {
    database = await createTestDatabase()
    telegram = await startBotApi({ token })
  })
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
    await telegram.stop()
    await database.drop()
  })

  async function start(env: Record<string, string> = {}, ending: { endWithinMs?: number } = {}) {
    const logged: string[] = []
    const listeners = new Set<() => void>()
    const write = (line: string) => {
      logged.push(line)
      for (const listener of listeners) listener()
    }
    const log = pino({ level: 'info' }, { write })
    const says = (text: string) =>
      new Promise<void>((resolve) => {
        const look = () => logged.some((line) => line.includes(text)) && resolve()
        listeners.add(look)
        look()
      })
    const given = {
      PORT: '0',
      DATABASE_URL: database.url,
      TELEGRAM_BOT_TOKEN: token,
      TELEGRAM_API_URL: telegram.url,
      ...operatorEnvironment,
    }
    const cloud = await serveCloud(readConfig({ ...given, ...env }), log, ending)
    let stopped: Promise<void> | undefined
    const stop = () => (stopped ??= cloud.stop())
    cleanUps.push(stop)
    return { ...cloud, stop, logged, says }
  }

  const post = (url: string, secret: string | undefined, body: string) =>
    fetch(`${url}/telegram/webhook`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(secret && { 'x-telegram-bot-api-secret-token': secret }),
      },
      body,
    })

  it('fetches what people write, confirms it, and stops at once', async () => {
    const cloud = await start()
    const anna = telegram.person({ id: 7 })
    anna.says('/start')
    await anna.taps('Согласен')
    await anna.sees(/Готово/)
    expect((await post(cloud.url, webhookSecret(token), '{"update_id":1}')).status).toBe(404)
    await telegram.until(() => telegram.isPolled() || undefined, 'a long poll')
    await cloud.stop()
    expect(telegram.waiting()).toEqual([])
    expect(telegram.isPolled()).toBe(false)
  })

  it('takes what Telegram posts where it has a public address, and shows the Mini App', async () => {
    const cloud = await start({ PUBLIC_URL: 'https://loyalty.example.com/' })
    telegram.proxyTo(cloud.url)
    const anna = telegram.person({ id: 7 })
    anna.says('/start')
    await anna.taps('Согласен')
    const shown = await anna.sees(/Готово/)
    expect(shown.buttons.map(({ webApp }) => webApp)).toContain('https://loyalty.example.com/app')
    expect(telegram.webhook()).toEqual({
      url: 'https://loyalty.example.com/telegram/webhook',
      secret: webhookSecret(token),
    })
    expect(telegram.callsOf('setWebhook')[0]?.fields.allowed_updates).toEqual([
      'message',
      'callback_query',
      'my_chat_member',
    ])
    expect(telegram.callsOf('setChatMenuButton')[0]?.fields.menu_button).toMatchObject({
      type: 'web_app',
      web_app: { url: 'https://loyalty.example.com/app' },
    })
    expect(telegram.callsOf('getUpdates')).toEqual([])
  })

  it('reads nothing of who cannot say the secret of the webhook', async () => {
    const cloud = await start({ PUBLIC_URL: 'https://loyalty.example.com' })
    await telegram.until(() => telegram.webhook() ?? undefined, 'the webhook')
    const sent = telegram.calls.length
    const anna = telegram.person({ id: 7 })
    const message = {
      message_id: 1,
      date: 1,
      from: anna.from,
      chat: { id: 7, type: 'private' },
      text: '/start',
    }
    const update = JSON.stringify({ update_id: 1, message })
    const right = webhookSecret(token)
    for (const wrong of [undefined, 'guess', right.slice(1), `${right}0`, right.toUpperCase()]) {
      expect((await post(cloud.url, wrong, update)).status).toBe(401)
    }
    expect((await post(cloud.url, 'guess', 'no JSON')).status).toBe(401)
    expect(telegram.calls).toHaveLength(sent)
    expect((await post(cloud.url, right, 'no JSON')).status).toBe(400)
    expect((await post(cloud.url, right, '{"update_id":2,"poll":{}}')).status).toBe(200)
    expect((await post(cloud.url, right, update)).status).toBe(200)
    await anna.sees(/Я понимаю только команды/)
  })

  it('turns from a webhook to fetching when it is started without a public address', async () => {
    const first = await start({ PUBLIC_URL: 'https://loyalty.example.com' })
    await telegram.until(() => telegram.webhook() ?? undefined, 'the webhook')
    await first.stop()
    const anna = telegram.person({ id: 7 })
    anna.says('/start')
    await start()
    await anna.sees(/согласие/)
    expect(telegram.webhook()).toBeNull()
  })

  it('runs without a bot, and says so once', async () => {
    const cloud = await start({ TELEGRAM_BOT_TOKEN: '' })
    expect((await fetch(`${cloud.url}/ready`)).status).toBe(200)
    await cloud.stop()
    expect(cloud.logged.filter((line) => line.includes('TELEGRAM_BOT_TOKEN'))).toHaveLength(1)
    expect(telegram.calls).toEqual([])
  })

  it('runs on with a wrong token, says what to do, and does not ask again', async () => {
    const cloud = await start({ TELEGRAM_BOT_TOKEN: '12345:wrong' })
    await cloud.says('Telegram knows no bot')
    expect((await fetch(`${cloud.url}/ready`)).status).toBe(200)
    await cloud.stop()
    expect(cloud.logged.filter((line) => line.includes('Telegram knows no bot'))).toHaveLength(1)
    expect(cloud.logged.join()).not.toContain('12345:wrong')
  })

  it('starts without Telegram, and the bot comes when Telegram does', async () => {
    telegram.fail({ method: 'getMe', fault: { status: 502 } })
    const cloud = await start()
    expect((await fetch(`${cloud.url}/ready`)).status).toBe(200)
    const anna = telegram.person({ id: 7 })
    anna.says('/start')
    await anna.sees(/согласие/)
    expect(telegram.callsOf('getMe')).toHaveLength(2)
  })

  it('ends while Telegram is silent', async () => {
    telegram.fail({ method: 'getMe', fault: 'silence' })
    const cloud = await start()
    await telegram.until(() => telegram.callsOf('getMe')[0], 'the first call')
    await cloud.stop()
  })

  it('ends while the database is silent', async () => {
    const way = await openWayTo(database.url)
    cleanUps.push(way.close)
    const cloud = await start({ DATABASE_URL: way.url }, { endWithinMs: 100 })
    await telegram.until(() => telegram.isPolled() || undefined, 'a long poll')
    way.fallSilent()
    await cloud.stop()
    expect(cloud.logged.join()).toContain('stopping without the rest of what was in flight')
  })

  it('is one of two processes that fetches, and the other follows when it is killed', async () => {
    const env = {
      ...{ DATABASE_URL: database.url, TELEGRAM_BOT_TOKEN: token, TELEGRAM_API_URL: telegram.url },
      ...operatorEnvironment,
    }
    const first = await startCloudProcess(env)
    cleanUps.push(() => first.stop('SIGKILL'))
    const anna = telegram.person({ id: 7 })
    await telegram.until(() => telegram.isPolled() || undefined, 'the first to poll')
    const second = await startCloudProcess(env)
    cleanUps.push(() => second.stop('SIGKILL'))
    await telegram.until(() => telegram.callsOf('getMe')[1], 'the second to know its bot')
    anna.says('/start')
    await anna.taps('Согласен')
    await anna.sees(/Готово/)
    expect(telegram.callsOf('sendPhoto')).toHaveLength(1)
    // Two that poll would have ended each other's turns, and begun anew.
    expect(telegram.callsOf('deleteWebhook')).toHaveLength(1)

    await first.stop('SIGKILL')
    anna.says('/balance')
    await anna.sees(/0\sбаллов/)
    expect(telegram.callsOf('deleteWebhook')).toHaveLength(2)
    expect(await second.stop('SIGTERM')).toBe(0)
  })
})

/** To a database, through a cable that can stop carrying anything without being cut. */
async function openWayTo(databaseUrl: string) {
  const { hostname, port } = new URL(databaseUrl)
  const ends: Socket[] = []
  const server = createServer((near) => {
    const far = connect(Number(port), hostname)
    ends.push(near, far)
    near.pipe(far).pipe(near)
    for (const [end, other] of [
      [near, far],
      [far, near],
    ] as const)
      end.on('error', () => {}).on('close', () => other.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(databaseUrl)
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: url.href,
    fallSilent() {
      for (const end of ends) end.unpipe().pause()
    },
    async close() {
      for (const end of ends) end.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
