import {
  createPrivateKey,
  createPublicKey,
  sign as ed25519Sign,
  verify as ed25519Verify,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto'
import {
  CODE_LIFE_SECONDS,
  readSignedCode,
  type SignedCode,
  writeSignedCode,
} from '../../../shared/signedCode.ts'
import { type Instant, SECOND } from '../../../shared/time.ts'
import type { Sql } from '../../database/connect.ts'

export interface Codes {
  /** What the registers verify codes with: the 32 bytes of the key in base64url. */
  publicKey: string
  /** A code of its own for this card, good from now on. */
  sign(of: { card: string; now: Instant }): { code: string; expiresAt: Instant }
  /** What a genuine code says, dead or alive; null where it was damaged or forged. */
  read(text: string): SignedCode | null
}

/** The codes of the Mini App, with the key of this database: every process that shares it signs and reads alike. */
export async function openCodes(sql: Sql): Promise<Codes> {
  const { privateKey, publicKey } = await openKey(sql)
  return {
    publicKey: publicKey.export({ format: 'jwk' }).x ?? '',

    sign({ card, now }) {
      const expiresAt = (Math.floor(now / SECOND) + CODE_LIFE_SECONDS) * SECOND
      const id = randomBytes(8).toString('hex')
      const code = writeSignedCode({ id, card, expiresAt }, (signed) => ed25519Sign(null, signed, privateKey))
      return { code, expiresAt }
    },

    read(text) {
      const read = readSignedCode(text)
      return read && ed25519Verify(null, read.signed, publicKey, read.signature) ? read.code : null
    },
  }
}

/** Made by the first process that starts; of two that start at the same moment, both use the one that was kept. */
async function openKey(sql: Sql): Promise<{ privateKey: KeyObject; publicKey: KeyObject }> {
  const kept = (await findKey(sql)) ?? (await makeKey(sql))
  const privateKey = createPrivateKey({ key: kept, format: 'der', type: 'pkcs8' })
  return { privateKey, publicKey: createPublicKey(privateKey) }
}

async function findKey(sql: Sql): Promise<Buffer | null> {
  const [row] = await sql<{ privateKey: Buffer }[]>`select private_key as "privateKey" from signing_key`
  return row?.privateKey ?? null
}

async function makeKey(sql: Sql): Promise<Buffer> {
  const { privateKey } = generateKeyPairSync('ed25519')
  await sql`
    insert into signing_key (private_key) values (${privateKey.export({ format: 'der', type: 'pkcs8' })})
    on conflict do nothing`
  const kept = await findKey(sql)
  if (!kept) throw new Error('the signing key that was just made is not there')
  return kept
}
