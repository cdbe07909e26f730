import type { Clock } from '../time/clock.ts'
import type { Answer } from './reply.ts'

export interface Question {
  url: URL
  init: RequestInit
  timeoutMs: number
  signal?: AbortSignal | undefined
}

/** The first copy of a million customers comes in pages of 1 MiB; nothing honest is larger than this. */
const BODY_LIMIT_BYTES = 16 * 1024 * 1024

/** One request, its whole answer within the time; where there is none, what the network said. */
export async function ask(
  { fetch, clock }: { fetch: typeof globalThis.fetch; clock: Clock },
  { url, init, timeoutMs, signal }: Question,
): Promise<{ answer: Answer } | { problem: string }> {
  const ending = new AbortController()
  const stop = () => ending.abort(new Error('stopped'))
  const cancelTimeout = clock.after(timeoutMs, () =>
    ending.abort(new Error(`no answer within ${timeoutMs} ms`)),
  )
  signal?.addEventListener('abort', stop, { once: true })
  if (signal?.aborted) stop()

  async function attempt() {
    const startedMs = clock.elapsed()
    // A redirect would carry the key to wherever it leads.
    const response = await fetch(url, {
      ...init,
      redirect: 'error',
      cache: 'no-store',
      signal: ending.signal,
    })
    const roundTrip = { endedAt: clock.now(), tookMs: clock.elapsed() - startedMs }
    const body = parseJson(await readText(response))
    return { answer: { status: response.status, headers: response.headers, body, roundTrip } }
  }

  try {
    // Not every fetch ends when it is told to, and one that hangs must not hang the line.
    return await Promise.race([attempt(), rejectionBy(ending.signal)])
  } catch (error) {
    return { problem: problemOf(error) }
  } finally {
    cancelTimeout()
    signal?.removeEventListener('abort', stop)
  }
}

function rejectionBy(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = () => reject(signal.reason)
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
  })
}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  // Leaving the loop early ends the download.
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > BODY_LIMIT_BYTES) return ''
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Node says "fetch failed" and hides in the cause what failed. */
function problemOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}
