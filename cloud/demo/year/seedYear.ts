import { DAY, type Instant, MINUTE } from '../../../shared/time.ts'
import { logChange } from '../../auditLog.ts'
import { moments, tableOf, texts } from '../../database/columns.ts'
import type { Sql, Tx } from '../../database/connect.ts'
import { takeLock } from '../../database/locks.ts'
import { sweep } from '../../jobs/sweep.ts'
import type { Author } from '../../ledger/account.ts'
import { publishBook } from '../../ledger/books.ts'
import { derivedId } from '../../ledger/derivedId.ts'
import { type Judgement, judge } from '../../ledger/judge.ts'
import { createMemoryLedger, type MemoryLedger } from '../../ledger/memory.ts'
import { FIRST_PROGRAMME, readRules } from '../../ledger/programme.ts'
import { writeBatch } from '../../ledger/write.ts'
import { DEMO } from '../author.ts'
import { booksOfYear } from './book.ts'
import { addCampaigns, type Chosen, writeChosen } from './campaigns.ts'
import { createChance } from './chance.ts'
import { live } from './live.ts'
import { type Member, membersOf } from './members.ts'

type Till = Author & { type: 'register' }

interface Year {
  members: number
  days: number
}
export const wholeYear: Year = { members: 3000, days: 365 }
/** For tests. */
export const smallYear: Year = { members: 120, days: 90 }

export interface Setting {
  now: Instant
  timeZone: string
  /** A till for each store. */
  tills: Till[]
  year: Year
  seed?: number
}

interface Written {
  operations: number
  /** By their cards, those who joined first at the beginning. */
  members: string[]
}

const action = 'demo year'
const ROWS_A_BATCH = 4000
/** Discounts that nobody knows about, for a person to decide. */
const IN_DOUBT = 3

/**
 * A year of some thousand customers, once: the ledger’s own judgement over accounts in memory, and its own write, so that
 * it is what had come of it had they all been there. All of it or nothing, in one transaction; nothing where it was there.
 */
export async function seedYear(sql: Sql, setting: Setting): Promise<Written> {
  const { now } = setting
  const written = await sql.begin(async (sql) => {
    await takeLock(sql, action)
    const [known] = await sql`select from audit_log where who = ${DEMO} and action = ${action} limit 1`
    return known ? { operations: 0, members: [] } : await writeYear(sql, setting)
  })
  if (written.operations > 0) {
    // As the job had done it then: in doubt after a minute, and a matter for people after a day.
    await sweep(sql, { now: now - 2 * DAY + 5 * MINUTE })
    await sweep(sql, { now: now - DAY + 10 * MINUTE })
  }
  return written
}

async function writeYear(
  sql: Tx,
  { now, timeZone, tills, year, seed = 20_251_207 }: Setting,
): Promise<Written> {
  await sql`set local statement_timeout = 0`
  const from = now - year.days * DAY
  for (const { document, validFrom, reason } of booksOfYear({ from, now, timeZone }))
    await publishBook(sql, {
      ...{ programmeId: FIRST_PROGRAMME, document, validFrom, by: DEMO, reason },
      // Long ago for those that hold already: a book begins no sooner than it is published.
      now: Math.min(validFrom, now),
    })
  const { settings, books } = await readRules(sql, { programmeId: FIRST_PROGRAMME, since: from, timeZone })
  const chance = createChance(seed)
  const wanted = membersOf(chance, { count: year.members, from, days: year.days, stores: tills.length })
  const added = await addMembers(sql, wanted)

  const judged: Pick<Judgement, 'executed' | 'postings'> = { executed: [], postings: [] }
  const ledger = createMemoryLedger({
    settings,
    books: new Map([[FIRST_PROGRAMME, books]]),
    judgeBy(requests, loaded) {
      const judgement = judge(requests, loaded)
      judged.executed.push(...judgement.executed)
      judged.postings.push(...judgement.postings)
      return judgement
    },
  })
  for (const { card, firstName, joinedAt } of added)
    ledger.addCustomer({ programmeId: FIRST_PROGRAMME, card }, firstName, joinedAt)
  const promotions = await addCampaigns(sql, now)
  const chosen: Chosen[] = []
  const shops = {
    ledger,
    tills,
    from,
    now,
    timeZone,
    promotions,
    onChosen: (one: Chosen) => chosen.push(one),
  }
  for (const member of added) live(member, shops, chance)
  leaveInDoubt(ledger, { added, tills, now })
  await write(sql, judged, added)
  await writeChosen(sql, chosen)
  const after = { customers: added.length, operations: judged.executed.length }
  await logChange(sql, { who: DEMO, action, subject: `programme ${FIRST_PROGRAMME}`, after })
  return { operations: judged.executed.length, members: added.map(({ card }) => card) }
}

/** Those whose card is nobody's yet. */
async function addMembers(sql: Tx, members: Member[]): Promise<(Member & { customerId: number })[]> {
  const rows = await sql<{ id: number; card: string }[]>`
    insert into customers (programme_id, card, first_name, created_at)
    select ${FIRST_PROGRAMME}, * from ${tableOf(sql, members, [texts(({ card }) => card), texts(({ firstName }) => firstName), moments(({ joinedAt }) => joinedAt)])}
    on conflict (card) do nothing
    returning id, card`
  const idOf = new Map(rows.map(({ id, card }) => [card, id]))
  return members.flatMap((member) => {
    const customerId = idOf.get(member.card)
    return customerId === undefined ? [] : [{ ...member, customerId }]
  })
}

/** The first of them who have points, and have not come for days, get a discount of which no word ever came. */
function leaveInDoubt(
  ledger: MemoryLedger,
  { added, tills, now }: { added: Member[]; tills: Till[]; now: Instant },
): void {
  const at = now - 2 * DAY
  const quiet = added.filter(({ card }) => {
    const operations = [...(ledger.account(card)?.operations.values() ?? [])]
    const isQuiet = operations.every(({ recordedAt }) => recordedAt < at - DAY)
    return (
      isQuiet &&
      (ledger.view(card, at)?.available ?? 0) >= 50 &&
      (ledger.view(card, now)?.available ?? 0) >= 50
    )
  })
  for (const [index, { card }] of quiet.slice(0, IN_DOUBT).entries()) {
    const author = tills[index % tills.length]
    if (!author) throw new Error('the demo has no store')
    const id = derivedId(at, `the year of ${card}, in doubt`)
    ledger.post(
      [{ kind: 'redeem', id, at, card, author, purchaseKopecks: 64_000 + index * 1350, points: 50 }],
      at,
    )
  }
}

/** In the order of time, as it had been written; under the numbers that the customers have here. */
async function write(
  sql: Tx,
  judged: Pick<Judgement, 'executed' | 'postings'>,
  added: { customerId: number }[],
): Promise<void> {
  const idOf = (place: number) => added[place - 1]?.customerId ?? 0
  const placed = <T extends { customerId: number }>(operation: T): T => ({
    ...operation,
    customerId: idOf(operation.customerId),
  })
  const postings = new Map(judged.postings.map((posting) => [posting.operation.id, posting]))
  const executed = judged.executed.toSorted((one, other) => one.recordedAt - other.recordedAt)
  for (let first = 0; first < executed.length; first += ROWS_A_BATCH) {
    const some = executed.slice(first, first + ROWS_A_BATCH)
    await writeBatch(sql, {
      executed: some.map(placed),
      postings: some.flatMap(({ id }) => {
        const posting = postings.get(id)
        return posting ? [{ ...posting, operation: placed(posting.operation) }] : []
      }),
      // The books of this year have no budgets.
      ...{ spendings: [], vouchers: [] },
    })
  }
}
