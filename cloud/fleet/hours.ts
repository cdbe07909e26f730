import { DAY, type Instant, MINUTE } from '../../shared/time.ts'

/** When a store is open, every day, by the clock on its wall. `22:00` to `06:00` is over midnight. */
export interface Hours {
  opensAt: string
  /** `24:00` is the end of the day. */
  closesAt: string
  timeZone: string
}

/** How long the store has been open; null while it is closed. In the hour of a clock change it may be an hour off. */
export function openForMs({ opensAt, closesAt, timeZone }: Hours, now: Instant): number | null {
  const day = DAY / MINUTE
  const opens = minutesOf(opensAt)
  const length = (minutesOf(closesAt) - opens + day) % day || day
  const since = (minutesOf(wallClock(timeZone).format(now)) - opens + day) % day
  return since < length ? since * MINUTE : null
}

function minutesOf(text: string): number {
  const [hours, minutes] = text.split(':')
  return Number(hours) * 60 + Number(minutes)
}

const wallClocks = new Map<string, Intl.DateTimeFormat>()

/** Making one takes longer than using it, and a chain has few. */
function wallClock(timeZone: string): Intl.DateTimeFormat {
  const made =
    wallClocks.get(timeZone) ??
    new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  wallClocks.set(timeZone, made)
  return made
}
