import type { Liability } from '../../../shared/console/reports.ts'
import { type Instant, toIso } from '../../../shared/time.ts'
import type { Sql, Tx } from '../../database/connect.ts'
import type { EntryKind } from '../../ledger/account.ts'

type Flow = NonNullable<Liability['flow']>
type Cause = Flow['parts'][number]['cause']

/**
 * The causes by which entries change the points owed. Expiry is the remainder, since dead points may not be written off
 * yet.
 */
const CAUSES = {
  earned: ['earn'],
  given: ['bonus'],
  spent: ['hold', 'return', 'spend'],
  givenBack: ['giveback'],
  takenBack: ['clawback', 'debt_payment'],
  adjusted: ['adjust'],
  moved: ['merge_out', 'merge_in', 'opening'],
} satisfies Partial<Record<Cause, (EntryKind | 'opening')[]>>

interface Wanted {
  programmeId: number
  since: Instant
  at: Instant
}

/** How the points owed at one moment became those owed at a later one, by the entries that were written in between. */
export async function readFlow(sql: Sql | Tx, { programmeId, since, at }: Wanted): Promise<Flow> {
  const rows = await sql<{ kind: string; opening: number; moved: number; closing: number }[]>`
    select kind, coalesce(sum(points) filter (where at <= ${toIso(since)}), 0)::bigint as opening,
      coalesce(sum(points) filter (where at > ${toIso(since)}), 0)::bigint as moved,
      coalesce(sum(points) filter (where lot_expires_at > ${toIso(at)}), 0)::bigint as closing
    from entries join customers on customers.id = customer_id
    where programme_id = ${programmeId} and at <= ${toIso(at)} and lot_expires_at > ${toIso(since)}
    group by kind`
  const sum = (of: 'opening' | 'moved' | 'closing', kinds?: readonly string[]) =>
    rows.reduce((total, row) => (kinds && !kinds.includes(row.kind) ? total : total + row[of]), 0)
  const parts = Object.entries(CAUSES).map(([cause, kinds]) => ({
    ...{ cause: cause as keyof typeof CAUSES, points: sum('moved', kinds) },
  }))
  const opening = sum('opening')
  const known = parts.reduce((total, { points }) => total + points, opening)
  return {
    ...{ since: toIso(since), opening },
    parts: [...parts, { cause: 'died', points: sum('closing') - known }],
  }
}
