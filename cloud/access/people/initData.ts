import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { languageOf } from '../../../shared/language.ts'
import type { Language } from '../../../shared/me.ts'
import { mendText } from '../../../shared/text.ts'
import { DAY, type Instant, MINUTE, SECOND } from '../../../shared/time.ts'

/** The person at the phone, as Telegram signed it with a key made of the bot's token. */
export interface TelegramUser {
  id: number
  firstName: string
  language: Language
  /** What stood behind `startapp` in the link by which the Mini App was opened. */
  start?: string | undefined
}

export type InitData =
  | { status: 'genuine'; user: TelegramUser; fingerprint: string; expiresAt: Instant }
  | { status: 'forged' | 'old' }

/** Telegram says to let it grow no older than what we can bear; the Mini App is opened for a purchase. */
const LIFE_MS = DAY
/** A clock of ours that is behind Telegram's must lock no customer out. */
const AHEAD_MS = 5 * MINUTE

const userSchema = z.object({
  id: z.int().positive(),
  is_bot: z.literal(false).optional(),
  first_name: z
    .string()
    .transform((name) => mendText(name, 64).trim())
    .pipe(z.string().min(1)),
  language_code: z.string().optional(),
})

/** What the Mini App got from Telegram at its start, in the form of a query string. */
export function readInitData(text: string, { token, now }: { token: string; now: Instant }): InitData {
  const fields = [...new URLSearchParams(text)]
  const hashes = fields.filter(([name]) => name === 'hash')
  const signed = fields.filter(([name]) => name !== 'hash')
  const [hash] = hashes[0]?.slice(1) ?? []
  if (hashes.length !== 1 || !hash || !isUnambiguous(signed)) return { status: 'forged' }
  if (!isSameHash(hash, hashInitData(signed, token))) return { status: 'forged' }

  const { auth_date: date = '', user = '', start_param: start } = Object.fromEntries(signed)
  const person = userSchema.safeParse(parseJson(user))
  if (!person.success || !/^\d{1,12}$/.test(date)) return { status: 'forged' }
  const signedAt = Number(date) * SECOND
  if (signedAt <= now - LIFE_MS || signedAt > now + AHEAD_MS) return { status: 'old' }
  const { id, first_name: firstName, language_code: code } = person.data
  return {
    status: 'genuine',
    user: { id, firstName, language: languageOf(code), ...(start !== undefined && { start }) },
    fingerprint: hash,
    expiresAt: signedAt + LIFE_MS,
  }
}

/**
 * Telegram's rule: every field but `hash`, sorted, a line each. The newer `signature`, made for parties without
 * the token, is a field like the others.
 */
export function hashInitData(fields: [name: string, value: string][], token: string): string {
  const lines = fields.map(([name, value]) => `${name}=${value}`).sort()
  const key = createHmac('sha256', 'WebAppData').update(token).digest()
  return createHmac('sha256', key).update(lines.join('\n')).digest('hex')
}

/** A name that comes twice, or a line break in a value, would let one signature be read in two ways. */
function isUnambiguous(fields: [string, string][]): boolean {
  const isWhole = fields.every(([name, value]) => !/[\n=]/.test(name) && !value.includes('\n'))
  return isWhole && new Set(fields.map(([name]) => name)).size === fields.length
}

function isSameHash(given: string, right: string): boolean {
  return /^[0-9a-f]{64}$/.test(given) && timingSafeEqual(Buffer.from(given, 'hex'), Buffer.from(right, 'hex'))
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
