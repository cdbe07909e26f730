import { type Instant, MINUTE } from '../../../shared/time.ts'

const BEGINS_MINUTE = 3 * 60
const ENDS_MINUTE = 5 * 60
/** So that the registers of a chain do not all come at three, and the last of them still have half an hour. */
const SPREAD_MS = 90 * MINUTE

/** From 03:00 to 05:00 by the clock on the wall, a register's own moment after three. */
export function nightOf(random: () => number): (now: Instant) => boolean {
  const beginsMinute = BEGINS_MINUTE + (random() * SPREAD_MS) / MINUTE
  return (now) => {
    const local = new Date(now)
    const minute = local.getHours() * 60 + local.getMinutes()
    return minute >= beginsMinute && minute < ENDS_MINUTE
  }
}
