import { z } from 'zod'
import { mendText } from '../../../shared/text.ts'
import { readItems } from './items.ts'
import { parseKopecks } from './kopecks.ts'
import type { Amount } from './sale.ts'

/** An amount needs a hundred bytes, and each line of the receipt as many; what is larger than this is some other file. */
export const AMOUNT_LIMIT_BYTES = 256 * 1024

const NOTE_LENGTH = 200

/** What is wrong with the bytes: a closed list, so that the screen can explain each. */
export type ContentProblem =
  | 'too_large'
  | 'empty'
  | 'not_text'
  | 'not_json'
  | 'no_amount'
  | 'amount_negative'
  | 'amount_invalid'

/** `amount: null` is 1C saying that there is no sale. */
export type Decoded = { ok: true; amount: Amount | null } | { ok: false; problem: ContentProblem }

export function decodeAmount(bytes: Uint8Array): Decoded {
  if (bytes.byteLength > AMOUNT_LIMIT_BYTES) return bad('too_large')
  const text = decodeText(bytes)
  if (text === null) return bad('not_text')
  if (text.trim() === '') return bad('empty')
  const json = parseJson(text) ?? parseJson(mendDecimalCommas(text))
  return json ? understand(json.value) : bad('not_json')
}

/**
 * The text of a file that 1C wrote, in whichever encoding it chose. Bytes that a byte order mark belies are
 * no text, and neither are NULs: a power cut leaves files of the right length full of them.
 */
export function decodeText(bytes: Uint8Array): string | null {
  const text = decodeStrictly(bytes)
  return text?.includes('\0') ? null : text
}

function decodeStrictly(bytes: Uint8Array): string | null {
  const startsWith = (...mark: number[]) => mark.every((byte, index) => bytes[index] === byte)
  if (startsWith(0xef, 0xbb, 0xbf)) return decodeAs('utf-8', bytes)
  if (startsWith(0xff, 0xfe)) return decodeAs('utf-16le', bytes)
  if (startsWith(0xfe, 0xff)) return decodeAs('utf-16be', bytes)
  return decodeAs('utf-8', bytes) ?? decodeAs('windows-1251', bytes)
}

function decodeAs(encoding: string, bytes: Uint8Array): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

/** Numbers stay the digits they were written with: a float would be money that is nearly right. */
function parseJson(text: string): { value: unknown } | null {
  try {
    const keepDigits = (_name: string, value: unknown, context?: { source?: string }) =>
      typeof value === 'number' ? context?.source : value
    return { value: JSON.parse(text, keepDigits) }
  } catch {
    return null
  }
}

/** `"amount": 1234,56` is no JSON, and can mean only one thing. What stands in quotes is left as it is. */
function mendDecimalCommas(text: string): string {
  const stringOrDecimal = /"(?:[^"\\]|\\.)*"?|(:\s*-?\d+),(\d{1,2})(?=\s*[,}])/g
  return text.replaceAll(stringOrDecimal, (all, rubles?: string, kopecks?: string) =>
    rubles && kopecks ? `${rubles}.${kopecks}` : all,
  )
}

const fileSchema = z.record(z.string(), z.unknown())
const amountSchema = z.string().nullable()
const noteSchema = z.string().catch('')
const noteOf = (value: unknown) => mendText(noteSchema.parse(value).trim(), NOTE_LENGTH)

function understand(json: unknown): Decoded {
  const file = fileSchema.safeParse(json).data
  if (!file) return bad('no_amount')
  if (!('amount' in file)) return Object.keys(file).length === 0 ? noSale : bad('no_amount')
  const parsed = amountSchema.safeParse(file.amount)
  if (!parsed.success) return bad('amount_invalid')
  const text = parsed.data?.trim() ?? ''
  // 1C's Формат() makes an empty text of zero.
  if (text === '') return noSale
  if (/^[-−]/.test(text)) return bad('amount_negative')
  const purchaseKopecks = parseKopecks(text)
  if (purchaseKopecks === null) return bad('amount_invalid')
  if (purchaseKopecks === 0) return noSale
  const receipt = noteOf(file.receipt) || null
  const cashier = noteOf(file.cashier)
  const amount: Amount = { purchaseKopecks, receipt, protocol: file.protocol === '2' ? 2 : 1 }
  const bought = 'items' in file ? readItems(file.items, purchaseKopecks) : {}
  return { ok: true, amount: { ...amount, ...(cashier && { cashier }), ...bought } }
}

const noSale: Decoded = { ok: true, amount: null }

function bad(problem: ContentProblem): Decoded {
  return { ok: false, problem }
}
