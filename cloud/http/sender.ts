import { isIP } from 'node:net'
import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context } from 'hono'
import type { Origin } from '../auditLog.ts'

/**
 * The address a request came from. A proxy on this machine says it in X-Forwarded-For, at the end; any other
 * sender could write there what they like.
 */
export function senderOf(c: Context): string {
  const peer = c.env?.incoming ? (getConnInfo(c).remote.address ?? 'unknown') : 'unknown'
  if (!/^(::1|127\.|::ffff:127\.)/.test(peer)) return peer
  const forwarded = c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() ?? ''
  return isIP(forwarded) ? forwarded : peer
}

/** The origin of a change, for the log of changes. */
export const originOf = (c: Context): Origin => ({
  ip: senderOf(c),
  userAgent: c.req.header('user-agent') ?? '',
  requestId: c.get('requestId'),
})

/** The browser reached us over TLS, as far as the proxy or IT has said. */
export function isOverTls(c: Context, publicUrl: string | undefined): boolean {
  const proto = c.req.header('x-forwarded-proto') ?? new URL(c.req.url).protocol
  return proto.startsWith('https') || (publicUrl?.startsWith('https:') ?? false)
}
