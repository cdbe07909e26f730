import { dayAfter, localTimeOf, momentOf } from '../rules/localTime.ts'
import type { Instant } from '../time.ts'

/** By the clock of the programme nobody is written to between the two. */
const QUIET = { from: '22:00', to: '09:00' }

/** When the quiet hours of this moment end; null: it is none of them. */
export function quietUntil(at: Instant, timeZone: string): Instant | null {
  const { day, time } = localTimeOf(at, timeZone)
  if (time >= QUIET.to && time < QUIET.from) return null
  const morning = time >= QUIET.from ? dayAfter(day, 1) : day
  return momentOf(`${morning}T${QUIET.to}`, timeZone)
}
