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
