import type { LocalTime } from './localTime.ts'

/** The local moments from and until which something is valid. A day as `until` is itself the last day. */
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

/** Whether it ends no earlier than it begins, compared by days: stored documents were checked no further. */
export const endsInTime = ({ from, until }: Validity) =>
  from === undefined || until === undefined || from.slice(0, 10) <= until.slice(0, 10)

/** Whether it has any time at all, compared by minutes: asked of a document that is being written. */
export const hasAnyTime = ({ from, until }: Validity) =>
  from === undefined ||
  until === undefined ||
  (until.includes('T') ? whenItBegins(from) < until : from.slice(0, 10) <= until)

const whenItBegins = (from: string) => (from.includes('T') ? from : `${from}T00:00`)
