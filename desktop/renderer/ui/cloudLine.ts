import type { Snapshot } from '../../../shared/bridge.ts'
import type { Instant } from '../../../shared/time.ts'
import type { Texts } from '../texts.ts'

/** The line to the cloud in a few words: what waits, how long, and how bad that is. */
export function lineOf(
  { cloud, parked }: Pick<Snapshot, 'cloud' | 'parked'>,
  texts: Texts,
  now: Instant,
): { text: string; tone: 'good' | 'warn' | 'bad' } {
  const { line, queued, oldestAt } = cloud
  const age = texts.age(now - (oldestAt ?? now))
  const { header } = texts
  switch (line) {
    case 'not_enrolled':
      return { text: header.notEnrolled, tone: 'bad' }
    case 'unauthorised':
    case 'revoked':
      return { text: queued > 0 ? header.queued(queued, age) : header[line], tone: 'bad' }
    case 'starting':
      return { text: queued > 0 ? header.queued(queued, age) : header.starting, tone: 'warn' }
    case 'online': {
      const text = queued > 0 ? header.sending(queued) : header.online
      return { text, tone: parked.length > 0 ? 'warn' : 'good' }
    }
    // A newer register may know another trouble.
    default:
      return { text: queued > 0 ? header.offlineQueued(queued, age) : header.offline, tone: 'warn' }
  }
}
