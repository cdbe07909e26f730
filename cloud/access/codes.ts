import { createPrivateKey, generateKeyPairSync, randomBytes, sign as signBytes } from 'node:crypto'
import { type Instant, SECOND } from '../../shared/time.ts'
import type { Sql } from '../database/connect.ts'

const LIFE_MS = 60 * SECOND
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

// A stand-in with the shape of the real one: the branch `codes` replaces this file.
export async function openCodes(sql: Sql) {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  await sql`
    insert into signing_key (private_key, public_key)
    values (${privateKey.export({ type: 'pkcs8', format: 'der' })}, ${publicKey.export({ type: 'spki', format: 'der' })})
    on conflict do nothing`
  const [row] = await sql<{ key: Buffer }[]>`select private_key as key from signing_key`
  if (!row) throw new Error('there is no signing key')
  const key = createPrivateKey({ key: row.key, type: 'pkcs8', format: 'der' })
  return {
    sign({ card, now }: { card: string; now: Instant }): { code: string; expiresAt: Instant } {
      const expiresAt = now + LIFE_MS
      const body = Buffer.concat([
        Buffer.from(`${card} ${Math.floor(expiresAt / SECOND).toString(36)} `),
        randomBytes(8),
      ])
      return { code: `K1${base32(Buffer.concat([body, signBytes(null, body, key)]))}`, expiresAt }
    },
  }
}

function base32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{1,5}/g) ?? [])
    .map((part) => ALPHABET[Number.parseInt(part.padEnd(5, '0'), 2)])
    .join('')
}
