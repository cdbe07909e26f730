import type { Instant } from '../../shared/time.ts'
import type { Sql, Tx } from './connect.ts'

// The rows of a batch travel as one array a column, in the notation that Postgres itself has for arrays. As text each element
// is written, quoted, looked through and read again: a good part of what an operation costs both sides.

/** One column of some rows. */
export interface Column<T> {
  /** The number that Postgres has for the type of its array. */
  type: number
  encode(rows: readonly T[]): Buffer
}

/** Some rows as a table, for a statement to insert or to go by. */
export function tableOf<T>(sql: Sql | Tx, rows: readonly T[], columns: Column<NoInfer<T>>[]) {
  return sql(unnestOf(columns.length), ...columns.map((column) => columnOf(sql, rows, column)))
}

/** Some values, for `any(…)`. */
export const listOf = <V>(
  sql: Sql | Tx,
  values: readonly V[],
  kind: (valueIn: (value: V) => V) => Column<NoInfer<V>>,
) =>
  columnOf(
    sql,
    values,
    kind((value) => value),
  )

const columnOf = <T>(sql: Sql | Tx, rows: readonly T[], column: Column<NoInfer<T>>) =>
  sql.typed(column.encode(rows), column.type)

/** The strings of a tagged template of so many values. The driver keeps whatever strings it was ever given, so these are made once. */
function unnestOf(values: number): TemplateStringsArray {
  const made = unnests.get(values)
  if (made) return made
  const strings = ['unnest(', ...Array.from({ length: values - 1 }, () => ', '), ')']
  const unnest = Object.assign(strings, { raw: strings })
  unnests.set(values, unnest)
  return unnest
}
const unnests = new Map<number, TemplateStringsArray>()

export const ints = fixed<number>({ array: 1007, element: 23, size: 4 }, (bytes, at, value) => {
  if (value !== (value | 0)) throw new RangeError(`Not an int: ${value}`)
  bytes.setInt32(at, value)
})

export const bigints = fixed<number>({ array: 1016, element: 20, size: 8 }, putBigint)

/** Postgres counts microseconds since the year 2000: of the moments of some centuries more than a number is exact for. */
export const moments = fixed<Instant>({ array: 1185, element: 1184, size: 8 }, (bytes, at, value) => {
  const since = value - YEAR_2000
  if (!Number.isSafeInteger(since)) throw new RangeError(`Not a moment: ${value}`)
  const low = (since >>> 0) * 1000
  bytes.setInt32(at, Math.floor(since / 2 ** 32) * 1000 + Math.floor(low / 2 ** 32))
  bytes.setUint32(at + 4, low >>> 0)
})
const YEAR_2000 = Date.UTC(2000, 0)

export const booleans = fixed<boolean>({ array: 1000, element: 16, size: 1 }, (bytes, at, value) =>
  bytes.setUint8(at, Number(value)),
)

export const ids = fixed<string>({ array: 2951, element: 2950, size: 16 }, putDigits)

/** SHA-256, in hexadecimal digits. */
export const digests = fixed<string>({ array: 1001, element: 17, size: 32 }, putDigits)

export const texts = lettered<string>({ array: 1009, element: 25 }, (text) => text)

/** As `json`, which keeps a document as it was written. */
export const documents = lettered<unknown>({ array: 199, element: 114 }, JSON.stringify)

function putBigint(bytes: DataView, at: number, value: number): void {
  if (!Number.isSafeInteger(value)) throw new RangeError(`Not a bigint: ${value}`)
  bytes.setInt32(at, Math.floor(value / 2 ** 32))
  bytes.setUint32(at + 4, value >>> 0)
}

/** Two digits a byte; the hyphens of an id are passed over. */
function putDigits(bytes: DataView, start: number, digits: string, size: number): void {
  let at = start
  let high = -1
  for (let index = 0; index < digits.length; index += 1) {
    const code = digits.charCodeAt(index)
    if (code === HYPHEN) continue
    const digit = DIGITS[code] ?? -1
    if (digit < 0 || at === start + size) throw new RangeError(`Not ${size} bytes: ${digits}`)
    if (high < 0) high = digit
    else {
      bytes.setUint8(at, high * 16 + digit)
      at += 1
      high = -1
    }
  }
  if (at !== start + size || high >= 0) throw new RangeError(`Not ${size} bytes: ${digits}`)
}
const HYPHEN = 0x2d
/** By the code of its character. */
const DIGITS = Int8Array.from({ length: 128 }, (_, code) =>
  '0123456789abcdef'.indexOf(String.fromCharCode(code).toLowerCase()),
)

interface ArrayType {
  array: number
  element: number
}

/** How many dimensions, whether an element is null, the type of the elements, how many there are, and where they begin. */
const HEAD_BYTES = 20
const NULL = -1

function putHead(bytes: DataView, { element }: ArrayType, length: number, hasNull: boolean): void {
  bytes.setInt32(0, 1)
  bytes.setInt32(4, Number(hasNull))
  bytes.setInt32(8, element)
  bytes.setInt32(12, length)
  bytes.setInt32(16, 1)
}

const viewOf = ({ buffer, byteOffset, byteLength }: Buffer) => new DataView(buffer, byteOffset, byteLength)

/** Of values that all take the same space. */
function fixed<V>(
  { size, ...type }: ArrayType & { size: number },
  put: (bytes: DataView, at: number, value: V, size: number) => void,
) {
  return <T>(valueIn: (row: T) => V | null): Column<T> => ({
    type: type.array,
    encode(rows) {
      const buffer = Buffer.allocUnsafe(HEAD_BYTES + rows.length * (4 + size))
      const bytes = viewOf(buffer)
      let at = HEAD_BYTES
      let hasNull = false
      for (const row of rows) {
        const value = valueIn(row)
        if (value === null) {
          bytes.setInt32(at, NULL)
          at += 4
          hasNull = true
          continue
        }
        bytes.setInt32(at, size)
        put(bytes, at + 4, value, size)
        at += 4 + size
      }
      putHead(bytes, type, rows.length, hasNull)
      return buffer.subarray(0, at)
    },
  })
}

/** Of what is written in letters. */
function lettered<V>(type: ArrayType, textOf: (value: V) => string) {
  return <T>(valueIn: (row: T) => V | null): Column<T> => ({
    type: type.array,
    encode(rows) {
      let at = HEAD_BYTES
      let hasNull = false
      for (const row of rows) {
        const value = valueIn(row)
        if (value === null) {
          sheetFor(at, 4).writeInt32BE(NULL, at)
          at += 4
          hasNull = true
        } else at = putText(at, textOf(value))
      }
      const buffer = Buffer.from(sheetFor(0, at).subarray(0, at))
      if (sheet.length > LARGEST_SHEET) sheet = Buffer.allocUnsafe(SHEET)
      putHead(viewOf(buffer), type, rows.length, hasNull)
      return buffer
    },
  })
}

const SHEET = 64 * 1024
/** A larger one is not kept. */
const LARGEST_SHEET = 1024 * 1024
/** What a column is written on until it is known how long it is. */
let sheet = Buffer.allocUnsafe(SHEET)

/** What is written so far stands on it, and so many bytes more have room. */
function sheetFor(at: number, more: number): Buffer {
  if (at + more <= sheet.length) return sheet
  const larger = Buffer.allocUnsafe(2 * (at + more))
  sheet.copy(larger, 0, 0, at)
  sheet = larger
  return sheet
}

/** Returns where it ends. */
function putText(at: number, text: string): number {
  const bytes = sheetFor(at, 4 + 3 * text.length)
  const length = bytes.write(text, at + 4)
  bytes.writeInt32BE(length, at)
  return at + 4 + length
}
