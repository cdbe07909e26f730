import type { Home, homeQuestions } from '../../../shared/console/home.ts'
import { worthKopecks } from '../../../shared/money.ts'
import { type Instant, toIso } from '../../../shared/time.ts'
import type { Person } from '../../access/staff/accounts.ts'
import { authorFor, type Reading, readings } from '../../acts/permissions.ts'
import { seesEverything } from '../../acts/place.ts'
import { readProposals } from '../../acts/proposalList.ts'
import type { Sql } from '../../database/connect.ts'
import { readFailures } from '../../fleet/failures.ts'
import { readFleet } from '../../fleet/read.ts'
import { readExpiring } from '../../insight/reports/expiry.ts'
import { readMembers } from '../../insight/reports/members.ts'
import { readOwed } from '../../insight/reports/owed.ts'
import { readFrozenAt } from '../../ledger/programme.ts'
import { readBudgets } from '../../ledger/readBudgets.ts'
import type { InSight } from '../sight.ts'
import { tellBudget } from './books.ts'
import { countDiscrepancies } from './discrepancies.ts'

interface Asked {
  person: Person
  place: InSight
  /** Absent: all four questions. */
  of?: (typeof homeQuestions)[number] | undefined
  now: Instant
}

const WITHIN_DAYS = [7, 30]

/** The four questions of the first page; each of its figures is of this moment. */
export async function readHome(sql: Sql, asked: Asked): Promise<Home> {
  const { place, of, now } = asked
  const { programmeId, name, timeZone, stores } = place
  const isNow = of !== 'members'
  const isWhole = isNow && stores === null
  const [owed, within, members, off] = await Promise.all([
    isWhole ? readOwed(sql, { programmeId, timeZone, at: now }) : null,
    isWhole ? readExpiring(sql, { programmeId, timeZone, now, days: WITHIN_DAYS }) : null,
    of === 'now' ? null : readMembers(sql, { programmeId, stores, timeZone, now }),
    isNow ? readOff(sql, asked) : null,
  ])
  return {
    programme: { id: programmeId, name, timeZone },
    ...{ owed, members, off },
    expiring: within && {
      within: within.map((soon) => ({ ...soon, kopecks: worthKopecks(soon.points) })),
      asOf: toIso(now),
    },
  }
}

type Off = NonNullable<Home['off']>

const iso = (at: Instant | null) => (at === null ? null : toIso(at))

/** The things that need a person today, as far as this account may see them. */
async function readOff(sql: Sql, asked: Asked): Promise<Off> {
  const { person, place, now } = asked
  const may = (reading: Reading) => authorFor(person, readings[reading]) !== null
  const [frozenAt, registers, discrepancies, proposals, budgets, jobs] = await Promise.all([
    readFrozenAt(sql, place.programmeId),
    may('registers') ? readOffRegisters(sql, asked) : null,
    may('discrepancies') ? countDiscrepancies(sql, { place, sees: person.sees }) : null,
    may('proposals') ? countProposals(sql, asked) : null,
    may('books') && place.stores === null ? readGivenBudgets(sql, asked) : null,
    seesEverything(person) ? readFailures(sql, now) : null,
  ])
  return {
    frozenSince: iso(frozenAt),
    ...{ registers, proposals, budgets },
    discrepancies: discrepancies && { ...discrepancies, oldestAt: iso(discrepancies.oldestAt) },
    jobs: jobs?.map((job) => ({ ...job, failedAt: toIso(job.failedAt) })) ?? null,
    asOf: toIso(now),
  }
}

async function readOffRegisters(sql: Sql, { place, now }: Asked): Promise<Off['registers']> {
  const { registers } = await readFleet(sql, now)
  const ours = registers.filter(
    ({ programmeId, store, revokedAt }) =>
      programmeId === place.programmeId &&
      (place.stores === null || place.stores.includes(store.id)) &&
      revokedAt === null,
  )
  return {
    all: ours.length,
    silent: ours.flatMap(({ registerId: id, name, store, isSilent, lastSeenAt }) =>
      isSilent && lastSeenAt !== null ? [{ id, name, store: store.name, lastSeenAt: toIso(lastSeenAt) }] : [],
    ),
    concerned: ours.filter(({ concerns }) => concerns.length > 0).length,
  }
}

/** The budgets that end, or have ended, before their period does. */
async function readGivenBudgets(sql: Sql, { place, now }: Asked): Promise<Off['budgets']> {
  const budgets = await readBudgets(sql, { ...place, now })
  return budgets.filter(({ isNearlyGiven }) => isNearlyGiven).map(tellBudget)
}

/** More proposals than people can decide about are not counted. */
const MOST_COUNTED = 1000

async function countProposals(sql: Sql, { person, place, now }: Asked): Promise<Off['proposals']> {
  const all = await readProposals(sql, { sees: person, limit: MOST_COUNTED, now })
  const ours = all.filter(({ programmeId }) => programmeId === place.programmeId)
  const open = ours.filter(({ state }) => state === 'open')
  const toReview = ours.filter(({ isBreakGlass, reviewedBy }) => isBreakGlass && reviewedBy === null)
  return {
    open: open.length,
    toReview: toReview.length,
    oldestAt: iso(open.length === 0 ? null : Math.min(...open.map(({ proposedAt }) => proposedAt))),
  }
}
