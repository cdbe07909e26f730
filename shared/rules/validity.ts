import type { LocalTime } from './localTime.ts'

/** Something that holds from a local moment until another; of a day the last is the day itself. */
export interface Validity {
  from?: string | undefined
  until?: string | undefined
}

export function whyNotNow({ from, until }: Validity, local: () => LocalTime): 'not_begun' | 'over' | null {
  if (from === undefined && until === undefined) return null
  const { day, time } = local()
  const now = `${day}T${time}`
  if (from !== undefined && now < from) return 'not_begun'
  if (until === undefined) return null
  const isOver = until.includes('T') ? now >= until : day > until
  return isOver ? 'over' : null
}

export const endsFirst = { path: ['until'], error: 'it ends before it begins' }

/** To the day: what is kept was asked for no more. */
export const endsInTime = ({ from, until }: Validity) =>
  from === undefined || until === undefined || from.slice(0, 10) <= until.slice(0, 10)

/** To the minute, as it is asked of whoever writes it. */
export const hasAnyTime = ({ from, until }: Validity) =>
  from === undefined ||
  until === undefined ||
  (until.includes('T') ? whenItBegins(from) < until : from.slice(0, 10) <= until)

const whenItBegins = (from: string) => (from.includes('T') ? from : `${from}T00:00`)
