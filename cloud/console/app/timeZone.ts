import { createContext, useContext } from 'react'
import { isTimeZone } from '../../../shared/time.ts'

/**
 * By whose clock moments are told, days asked for and moments set: that of the programme that is looked at, so that a page says the
 * same wherever one looks at it from. The shell knows it.
 */
export const TimeZoneContext = createContext<string | null>(null)

export function useTimeZone(): string {
  const timeZone = useContext(TimeZoneContext)
  if (timeZone === null) throw new Error('No moment is told before it is known by whose clock.')
  return timeZone
}

/** By which clock this browser can tell moments of the shops: it may be older than the name of their zone. */
export function clockHere(ofShops: string): string {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone
  return [ofShops, own].find(isTimeZone) ?? 'UTC'
}
