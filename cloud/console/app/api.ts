import type { ErrorDetails } from './problem.ts'
import { Problem } from './problem.ts'

/** Longer than the cloud itself takes for an answer. */
const PATIENCE_MS = 15_000
/** Thousands of lines come as slowly as the network is. */
const FILE_PATIENCE_MS = 120_000

type Query = Record<string, string | number | undefined>

interface Asked {
  query?: Query
  json?: unknown
  headers?: Record<string, string>
  signal?: AbortSignal | undefined
  /** Asked by the page and by no person: it keeps no session open. */
  isByPage?: boolean
}

/** The routes of the console. Whatever goes wrong is a Problem. */
export async function ask<Reply>(method: string, path: string, asked: Asked = {}): Promise<Reply> {
  const { query, json, headers, signal, isByPage } = asked
  const patience = AbortSignal.timeout(PATIENCE_MS)
  const reply = await fetch(addressOf(path, query), {
    method,
    headers: {
      accept: 'application/json',
      ...(json !== undefined && { 'content-type': 'application/json' }),
      ...(isByPage && { 'x-by-page': '1' }),
      ...headers,
    },
    ...(json !== undefined && { body: JSON.stringify(json) }),
    signal: signal ? AbortSignal.any([signal, patience]) : patience,
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error
    return unanswered()
  })
  const body: unknown = await reply.json().catch(() => null)
  if (reply.ok) return body as Reply
  throw problemIn(body, reply.status)
}

function unanswered(): never {
  throw new Problem(navigator.onLine ? 'no_answer' : 'offline', 0)
}

function problemIn(body: unknown, status: number): Problem {
  const { error } = (body ?? {}) as { error?: ErrorDetails }
  return new Problem(error?.code ?? 'no_answer', status, error?.message)
}

export const get = <Reply>(path: string, asked: Omit<Asked, 'json'> = {}) => ask<Reply>('GET', path, asked)

/** A list as one file. The cloud gives so many lines of it at a time, and says where the rest is. */
export async function takeFile(address: string, reader: Query): Promise<{ name: string; text: string }> {
  const parts: string[] = []
  let name = ''
  let next: string | undefined = addressOf(address, reader)
  while (next) {
    const signal = AbortSignal.timeout(FILE_PATIENCE_MS)
    const reply: Response = await fetch(next, { signal }).catch(unanswered)
    if (!reply.ok) throw problemIn(await reply.json().catch(() => null), reply.status)
    // The mark of UTF-8 is lost by reading it; headings stand above the first part alone.
    const text = await reply.text().catch(unanswered)
    parts.push(parts.length === 0 ? `\u{feff}${text}` : text.slice(text.indexOf('\r\n') + 2))
    name = /filename="([^"]+)"/.exec(reply.headers.get('content-disposition') ?? '')?.[1] ?? 'list.csv'
    next = /<([^>]+)>; rel="next"/.exec(reply.headers.get('link') ?? '')?.[1]
  }
  return { name, text: parts.join('') }
}

/** What is undefined or empty is not asked for. */
export function addressOf(path: string, query: Query = {}): string {
  const said = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, String(value)]],
  )
  if (said.length === 0) return path
  return `${path}${path.includes('?') ? '&' : '?'}${new URLSearchParams(said)}`
}
