import { setTimeout as pause } from 'node:timers/promises'

export interface Page {
  evaluate<T>(expression: string): Promise<T>
  close(): void
}

/**
 * The first page of a Chromium that was started with --remote-debugging-port. A shipped kiosk has no other way in: its fuses
 * close the one that Playwright uses, and what Playwright asks of a whole browser Electron does not answer.
 */
export async function openPage(port: number, withinMs: number): Promise<Page> {
  const deadline = Date.now() + withinMs
  for (;;) {
    const address = await addressOfPage(port)
    if (address) return await attach(address)
    if (Date.now() > deadline) throw new Error(`There is no page at port ${port}.`)
    await pause(200)
  }
}

async function addressOfPage(port: number): Promise<string | null> {
  const reply = await fetch(`http://127.0.0.1:${port}/json/list`).catch(() => null)
  if (!reply?.ok) return null
  const pages = (await reply.json()) as { type: string; url: string; webSocketDebuggerUrl: string }[]
  return pages.find(({ type, url }) => type === 'page' && url !== 'about:blank')?.webSocketDebuggerUrl ?? null
}

type Answer = {
  id: number
  result?: {
    result: { value: unknown }
    exceptionDetails?: { text: string; exception?: { description: string } }
  }
  error?: { message: string }
}

async function attach(address: string): Promise<Page> {
  const socket = new WebSocket(address)
  const waiting = new Map<number, (answer: Answer) => void>()
  socket.addEventListener('message', ({ data }) => {
    const answer = JSON.parse(String(data)) as Answer
    waiting.get(answer.id)?.(answer)
    waiting.delete(answer.id)
  })
  socket.addEventListener('close', () => {
    for (const [id, answer] of waiting) answer({ id, error: { message: 'the page is gone' } })
    waiting.clear()
  })
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve)
    socket.addEventListener('error', () => reject(new Error(`${address} cannot be reached.`)))
  })

  let last = 0
  return {
    async evaluate<T>(expression: string) {
      last += 1
      const id = last
      const answer = await new Promise<Answer>((resolve) => {
        waiting.set(id, resolve)
        const params = { expression, awaitPromise: true, returnByValue: true }
        socket.send(JSON.stringify({ id, method: 'Runtime.evaluate', params }))
      })
      const fault = answer.error?.message ?? answer.result?.exceptionDetails?.exception?.description
      if (fault !== undefined) throw new Error(`${expression}: ${fault}`)
      return answer.result?.result.value as T
    },
    close: () => socket.close(),
  }
}
