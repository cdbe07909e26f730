import { useReading } from '../reading.ts'
import type { PageName } from './words.ts'

const EVERY_MS = 60_000

/** How many wait for a decision, beside the page where it is made. */
export function Counts({ of }: { of: PageName }) {
  return of === 'proposals' ? <OpenProposals /> : null
}

function OpenProposals() {
  const { data } = useReading<{ proposals: unknown[] }>(
    '/v1/console/proposals',
    { state: 'open', limit: 100 },
    { everyMs: EVERY_MS },
  )
  const count = data?.proposals.length ?? 0
  return count > 0 ? <b className="count">{count === 100 ? '99+' : count}</b> : null
}
