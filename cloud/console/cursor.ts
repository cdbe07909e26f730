import { ApiFailure } from '../http/errors.ts'

// Where a page of a list begins: `next` of the one before. It holds what the rows are sorted by, and what tells equal ones apart.

export const noCursor = () =>
  new ApiFailure(400, 'malformed', 'This is no place in this list: leave `after` out to begin anew.')

const NUMBER = /^\d{1,15}$/

/** Of a list that is sorted by one number. */
export function numberOf(after: string | undefined): number | undefined {
  if (after === undefined) return undefined
  if (!NUMBER.test(after)) throw noCursor()
  return Number(after)
}

/** Of a list that is sorted in this way, by a number and then by an id. */
export function placeOf(after: string | undefined, sort: string): { key: number; id: number } | undefined {
  if (after === undefined) return undefined
  const [name, key = '', id = '', ...more] = after.split('.')
  if (name !== sort || !NUMBER.test(key) || !NUMBER.test(id) || more.length > 0) throw noCursor()
  return { key: Number(key), id: Number(id) }
}

export const formatPlace = (sort: string, { key, id }: { key: number; id: number }) => `${sort}.${key}.${id}`
