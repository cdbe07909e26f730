import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { listen } from './listen.ts'

const anywhere = { host: '127.0.0.1', port: 0 }

describe('a server that is closed', () => {
  it('answers what was asked before', async () => {
    const asked = Promise.withResolvers<void>()
    const answer = Promise.withResolvers<void>()
    const { url, close } = await listen(async () => {
      asked.resolve()
      await answer.promise
      return new Response('done')
    }, anywhere)
    const reply = fetch(url)
    await asked.promise
    const closed = close()
    await expect(fetch(url)).rejects.toThrow()
    answer.resolve()
    expect(await (await reply).text()).toBe('done')
    await closed
  })

  it('waits for nobody who has connected and says nothing', async () => {
    const { url, close } = await listen(() => new Response(), anywhere)
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    await once(socket, 'connect')
    // A second one that is served shows that the first has arrived.
    await fetch(url)
    const ended = once(socket.resume(), 'close')
    await close()
    await ended
  })

  it('ends when it is cut off, whatever is not answered', async () => {
    const asked = Promise.withResolvers<void>()
    const { url, close, cut } = await listen(async () => {
      asked.resolve()
      return await new Promise<never>(() => {})
    }, anywhere)
    const reply = fetch(url).catch((error: Error) => error.message)
    await asked.promise
    const closed = close()
    cut()
    await closed
    expect(await reply).toBe('fetch failed')
  })

  it('waits for nobody who was answered and keeps the line', async () => {
    const { url, close } = await listen(() => new Response('hello'), anywhere)
    await (await fetch(url)).text()
    await close()
  })
})

it('says that its port is taken', async () => {
  const { url, close } = await listen(() => new Response(), anywhere)
  const port = Number(new URL(url).port)
  await expect(listen(() => new Response(), { host: '127.0.0.1', port })).rejects.toThrow(
    `Port ${port} of 127.0.0.1 is in use by another program`,
  )
  await close()
})
