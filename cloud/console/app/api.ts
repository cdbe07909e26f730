import type { ErrorDetails } from './problem.ts'
import { Problem } from './problem.ts'

/** Longer than the cloud itself takes for an answer. */
const PATIENCE_MS = 15_000

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
    throw new Problem(navigator.onLine ? 'no_answer' : 'offline', 0)
  })
  const body: unknown = await reply.json().catch(() => null)
  if (reply.ok) return body as Reply
  const { error } = (body ?? {}) as { error?: ErrorDetails }
  throw new Problem(error?.code ?? 'no_answer', reply.status, error?.message)
}

export const get = <Reply>(path: string, asked: Omit<Asked, 'json'> = {}) => ask<Reply>('GET', path, asked)

/** What is undefined or empty is not asked for. */
export function addressOf(path: string, query: Query = {}): string {
  const said = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, String(value)]],
  )
  return said.length > 0 ? `${path}?${new URLSearchParams(said)}` : path
}
