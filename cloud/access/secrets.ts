import { createHash } from 'node:crypto'

/** The form in which a secret is stored and compared. */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
