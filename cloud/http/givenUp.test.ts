import { once } from 'node:events'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { createAtOnce } from './atOnce.ts'
import { givenUp } from './givenUp.ts'

test('a report that its reader has left while it waited is not asked of the database', async () => {
  const office = createAtOnce({ most: 1, waiting: 30 })
  const asked: string[] = []
  const ends = new Map<string, () => void>()
  const waiting = new Map<string, AbortSignal>()
  const app = new Hono()
  app.get('/:report', async (c) => {
    const report = c.req.param('report')
    const signal = givenUp(c)
    waiting.set(report, signal)
    return await office.within(
      'Анна',
      async () => {
        asked.push(report)
        await new Promise<void>((resolve) => ends.set(report, resolve))
        return c.text(report)
      },
      signal,
    )
  })
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const leaving = new AbortController()
  const ask = (report: string, signal?: AbortSignal) =>
    fetch(`http://127.0.0.1:${port}/${report}`, signal ? { signal } : {})

  const first = ask('first')
  await expect.poll(() => asked).toEqual(['first'])
  const left = ask('left', leaving.signal).catch(() => null)
  await expect.poll(() => waiting.has('left')).toBe(true)
  const last = ask('last')
  await expect.poll(() => waiting.has('last')).toBe(true)
  leaving.abort()
  await left
  await expect.poll(() => waiting.get('left')?.aborted).toBe(true)
  ends.get('first')?.()
  await expect.poll(() => asked).toEqual(['first', 'last'])
  ends.get('last')?.()
  expect(await (await last).text()).toBe('last')
  await (await first).text()
  server.close()
})
