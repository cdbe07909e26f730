import { describe, expect, it } from 'vitest'
import type { CommandName, CommandReply, Snapshot } from '../../shared/bridge.ts'
import { takeToken } from './bridge.ts'
import { connectBySocket, type SocketLike } from './socketBridge.ts'

/** The other side of the socket, and a clock that goes when it is told to. */
function openRegisterSide() {
  const sockets: (SocketLike & { sent: { id: number; name: string; input: unknown }[] })[] = []
  const timers = new Set<{ atMs: number; run: () => void }>()
  let nowMs = 0
  const linked = connectBySocket({
    open() {
      const socket: (typeof sockets)[number] = {
        sent: [],
        onmessage: null,
        onclose: null,
        send: (text) => void socket.sent.push(JSON.parse(text)),
        close: () => socket.onclose?.(),
      }
      sockets.push(socket)
      return socket
    },
    after(ms, run) {
      const timer = { atMs: nowMs + ms, run }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    random: () => 0.5,
  })
  return {
    linked,
    sockets,
    latest: () => sockets.at(-1) as (typeof sockets)[number],
    tell(message: unknown) {
      this.latest().onmessage?.({ data: JSON.stringify(message) })
    },
    show(phase: Snapshot['phase']) {
      this.tell({ type: 'snapshot', snapshot: { phase } })
    },
    reply(id: number, reply: CommandReply<CommandName>) {
      this.tell({ type: 'reply', id, reply })
    },
    lose() {
      this.latest().onclose?.()
    },
    wait(ms: number) {
      nowMs += ms
      for (const timer of [...timers]) {
        if (timer.atMs > nowMs) continue
        timers.delete(timer)
        timer.run()
      }
    },
  }
}

describe('the register behind a socket', () => {
  it('is there with its first snapshot', async () => {
    const side = openRegisterSide()
    side.show('idle')
    const { api } = await side.linked
    expect(api.snapshot().phase).toBe('idle')
  })

  it('tells each later snapshot until nobody listens', async () => {
    const side = openRegisterSide()
    side.show('idle')
    const { api } = await side.linked
    const phases: string[] = []
    const stop = api.subscribe(({ phase }) => phases.push(phase))
    side.show('ready')
    stop()
    side.show('success')
    expect(phases).toEqual(['ready'])
    expect(api.snapshot().phase).toBe('success')
  })

  it('answers each command with its own reply', async () => {
    const side = openRegisterSide()
    side.show('idle')
    const { api } = await side.linked
    const first = api.findCustomer({ code: '654321' })
    const second = api.cancel({})
    expect(side.latest().sent).toMatchObject([
      { type: 'command', name: 'findCustomer', input: { code: '654321' } },
      { type: 'command', name: 'cancel', input: {} },
    ])
    const [one, two] = side.latest().sent.map(({ id }) => id) as [number, number]
    side.reply(two, { ok: false, code: 'busy', message: '' })
    side.reply(one, { ok: true, value: null })
    expect(await first).toEqual({ ok: true, value: null })
    expect(await second).toMatchObject({ ok: false, code: 'busy' })
  })

  it('fails what was asked when the socket is lost, and what is asked while it is', async () => {
    const side = openRegisterSide()
    side.show('ready')
    const { api, watchLink } = await side.linked
    const link: boolean[] = []
    watchLink((isUp) => link.push(isUp))
    const asked = api.earn({ purchaseKopecks: 100 })
    side.lose()
    expect(await asked).toMatchObject({ ok: false, code: 'failed' })
    expect(await api.cancel({})).toMatchObject({ ok: false, code: 'failed' })
    expect(api.snapshot().phase).toBe('ready')
    expect(link).toEqual([true, false])
  })

  it('fails what is never answered', async () => {
    const side = openRegisterSide()
    side.show('ready')
    const { api } = await side.linked
    const asked = api.cancel({})
    side.wait(30_000)
    expect(await asked).toMatchObject({ ok: false, code: 'failed' })
  })

  it('comes back by itself, and is back with the next snapshot', async () => {
    const side = openRegisterSide()
    side.show('ready')
    const { api, watchLink } = await side.linked
    const link: boolean[] = []
    watchLink((isUp) => link.push(isUp))
    side.lose()
    side.wait(300)
    expect(side.sockets).toHaveLength(2)
    expect(link).toEqual([true, false])
    side.show('idle')
    expect(link).toEqual([true, false, true])
    expect(api.snapshot().phase).toBe('idle')
  })

  it('is asked for less and less often while it is away, and often again afterwards', async () => {
    const side = openRegisterSide()
    side.show('idle')
    const gaps = [300, 600, 1200, 2400, 4800, 5000, 5000]
    for (const [index, gap] of gaps.entries()) {
      side.lose()
      side.wait(gap - 1)
      expect(side.sockets).toHaveLength(index + 1)
      side.wait(1)
      expect(side.sockets).toHaveLength(index + 2)
    }
    side.show('idle')
    side.lose()
    side.wait(300)
    expect(side.sockets).toHaveLength(gaps.length + 2)
  })
})

describe('the token', () => {
  function windowAt(href: string, kept: string | null = null) {
    const store = new Map(kept === null ? [] : [['kopilka.token', kept]])
    const shown: string[] = []
    const page = {
      location: { href },
      history: { replaceState: (_state: unknown, _title: string, url: URL) => void shown.push(url.href) },
      sessionStorage: {
        getItem: (key: string) => store.get(key) ?? null,
        setItem: (key: string, value: string) => void store.set(key, value),
      },
    } as unknown as Parameters<typeof takeToken>[0]
    return { page, store, shown }
  }

  it('leaves the address bar and is kept for a reload', () => {
    const { page, store, shown } = windowAt('http://127.0.0.1:4000/?token=abc')
    expect(takeToken(page)).toBe('abc')
    expect(shown).toEqual(['http://127.0.0.1:4000/'])
    expect(store.get('kopilka.token')).toBe('abc')
  })

  it('is taken from what was kept after a reload', () => {
    expect(takeToken(windowAt('http://127.0.0.1:4000/', 'abc').page)).toBe('abc')
  })
})
