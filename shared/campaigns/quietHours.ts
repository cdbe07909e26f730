import { dayAfter, localTimeOf, startOfLocalDay } from '../rules/localTime.ts'
import { type Instant, MINUTE } from '../time.ts'

/** By the clock of the programme nobody is written to between the two. */
const QUIET = { from: '22:00', to: '09:00' }

/** When the quiet hours of this moment end; null: it is none of them. */
export function quietUntil(at: Instant, timeZone: string): Instant | null {
  const { day, time } = localTimeOf(at, timeZone)
  if (time >= QUIET.to && time < QUIET.from) return null
  const morning = time >= QUIET.from ? dayAfter(day, 1) : day
  const guess = startOfLocalDay(morning, timeZone) + minutesOf(QUIET.to) * MINUTE
  // The clock may have been changed since midnight.
  return guess + (minutesOf(QUIET.to) - minutesOf(localTimeOf(guess, timeZone).time)) * MINUTE
}

const minutesOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
