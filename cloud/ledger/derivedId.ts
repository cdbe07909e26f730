import { hash } from 'node:crypto'
import type { Instant } from '../../shared/time.ts'

/** A UUIDv7 whose random part follows from a reason: an operation that is asked for twice with one reason has one id. */
export function derivedId(at: Instant, reason: string): string {
  const time = at.toString(16).padStart(12, '0')
  const rest = hash('sha256', reason, 'hex')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${rest.slice(0, 3)}-8${rest.slice(3, 6)}-${rest.slice(6, 18)}`
}
