import type { Instant } from '../../shared/time.ts'

// Columns of a batch as arrays in Postgres' own notation: the driver would take each of their elements for a text that may
// have to be quoted, which is a tenth of what an operation costs the API.

/** Of what needs no quotes: numbers, booleans and ids. */
export function plainArray(values: readonly (number | boolean | string | null)[]): string {
  return `{${values.map((value) => value ?? 'null').join(',')}}`
}

export function momentArray(values: readonly (Instant | null)[]): string {
  // Most of the moments of a batch are the same few.
  let last: Instant | null = null
  let text = 'null'
  const textOf = (value: Instant | null) => {
    if (value === last) return text
    last = value
    text = value === null ? 'null' : `"${new Date(value).toISOString()}"`
    return text
  }
  return `{${values.map(textOf).join(',')}}`
}

export function textArray(values: readonly (string | null)[]): string {
  return `{${values.map((value) => (value === null ? 'null' : `"${value.replaceAll(/["\\]/g, '\\$&')}"`)).join(',')}}`
}

/** JSON within JSON is quoted as an element of an array is, because no control character is left in it. */
export function jsonArray(values: readonly unknown[]): string {
  return `{${values.map((value) => (value === null ? 'null' : JSON.stringify(JSON.stringify(value)))).join(',')}}`
}
