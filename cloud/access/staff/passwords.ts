import { randomBytes, randomInt, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'

type Cost = Required<Pick<ScryptOptions, 'N' | 'r' | 'p'>>

/** 32 MiB and about a tenth of a second a guess. */
const COST: Cost = { N: 2 ** 15, r: 8, p: 1 }
const MOST_MEMORY = 64 * 1024 * 1024
const HASH_BYTES = 32
/** Without letters and digits that look alike. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789'

/** 20 letters: about 99 random bits, in groups that can be read aloud. */
export const newPassword = () => newLetters({ groups: 4, size: 5 })

/** 16 letters, 79 random bits: what is kept of it is a plain hash. */
export const newRecoveryCode = () => newLetters({ groups: 4, size: 4 })

function newLetters({ groups, size }: { groups: number; size: number }): string {
  const group = () => Array.from({ length: size }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
  return Array.from({ length: groups }, group).join('-')
}

/** What it costs to look at a password is kept with its hash. */
export async function hashPassword(password: string, cost: Cost = COST): Promise<string> {
  const salt = randomBytes(16)
  const hash = await derive(password, salt, cost)
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), hash.toString('base64url')].join('$')
}

/** Takes as long where there is no account of that name (null). */
export async function isPassword(password: string, hash: string | null): Promise<boolean> {
  const [, N, r, p, salt = '', expected = ''] = (hash ?? NOBODY).split('$')
  const cost = { N: Number(N), r: Number(r), p: Number(p) }
  const derived = await derive(password, Buffer.from(salt, 'base64url'), cost)
  const wanted = Buffer.from(expected, 'base64url')
  return wanted.length === derived.length && timingSafeEqual(derived, wanted) && hash !== null
}

const NOBODY = ['scrypt', COST.N, COST.r, COST.p, 'AAAAAAAAAAAAAAAAAAAAAA', 'A'.repeat(43)].join('$')

function derive(password: string, salt: Buffer, cost: Cost): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, HASH_BYTES, { ...cost, maxmem: MOST_MEMORY }, (error, key) =>
      error ? reject(error) : resolve(key),
    )
  })
}
