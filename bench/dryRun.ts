import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Author } from '../cloud/ledger/account.ts'
import { post } from '../cloud/ledger/post.ts'
import { readRules } from '../cloud/ledger/programme.ts'
import type { Request } from '../cloud/ledger/request.ts'
import { tryBook } from '../cloud/ledger/tryBook.ts'
import { newId } from '../shared/id.ts'
import { bookAt, bookDocumentSchema } from '../shared/rules/book.ts'
import { DAY, type Instant, toIso } from '../shared/time.ts'
import { stopChild } from './child.ts'
import { seedCustomers, settle } from './customers.ts'
import type { Finding } from './findings.ts'
import { publishNow } from './rules.ts'
import { createRegisters, type Stage } from './stage.ts'

const BUYERS = 2_000
const POSTED_AT_ONCE = 500
/** Far too little for all purchases at once. */
const HEAP_MEGABYTES = 64
const RETURNED_EVERY = 20
const REACH = 60

const rules = [
  { id: 'gift', title: 'Gift', award: { type: 'points', points: 5 }, budget: 'gifts' },
  {
    id: 'large',
    title: 'Large',
    when: [{ type: 'min_purchase', kopecks: 1_000_000 }],
    award: { type: 'percent', basis_points: 100 },
  },
  {
    id: 'first',
    title: 'First of the day',
    when: [{ type: 'first_of_day' }],
    award: { type: 'points', points: 10 },
  },
  {
    id: 'third',
    title: 'Every third',
    when: [{ type: 'purchase_number', every: 3 }],
    award: { type: 'multiply', times_basis_points: 20_000 },
  },
]
const document = bookDocumentSchema.parse({
  rules,
  budgets: [{ id: 'gifts', title: 'Gifts', limit_points: 100_000 }],
  limits: { points_per_customer_day: 2_000 },
})

/** The live book judges again what the ledger posted by it: the same, operation by operation, in little memory. */
export async function dryRun(stage: Stage): Promise<Finding[]> {
  const { options } = stage
  const from = await publishNow(stage, document)
  const cards = await seedCustomers(stage, BUYERS)
  const posted = await sell(stage, cards)
  await settle(stage)

  const file = join(stage.dataDir, 'live.json')
  await writeFile(file, JSON.stringify(document))
  const to = Date.now() + DAY
  const { seconds, kilobytes } = await tryByHand(stage, { file, from, to })
  const different = await countDifferent(stage, posted, { from, to })
  return [
    {
      what: `${options.tried.toLocaleString('en')} purchases tried with the live book, heap ${HEAP_MEGABYTES} MB, most memory of the process`,
      seconds,
      kilobytes,
      reach: { seconds: REACH },
      problems: different === 0 ? {} : { 'purchases that would have earned otherwise': different },
    },
  ]
}

/** Posts earnings, and refunds of some of them; returns what each has earned. */
async function sell({ sql, options }: Stage, cards: string[]): Promise<Map<string, number>> {
  await createRegisters(sql, 'Store that is tried', 1)
  const [till] = await sql<{ storeId: number; registerId: number }[]>`
    select store_id as "storeId", id as "registerId" from registers order by id desc limit 1`
  if (!till) throw new Error('there is no register')
  const author: Author = { type: 'register', programmeId: 1, ...till }
  const earned = new Map<string, number>()
  for (let sold = 0; sold < options.tried; sold += POSTED_AT_ONCE) {
    const count = Math.min(POSTED_AT_ONCE, options.tried - sold)
    const at = Date.now()
    const sales = Array.from(
      { length: count },
      (_, index): Request => ({
        ...{ kind: 'earn', id: newId(at), at, author, card: cards[(sold * 7 + index) % cards.length] ?? '' },
        ...{ purchaseKopecks: 5_000 + (((sold + index) * 777_767) % 1_999_993), confirmDuplicate: true },
      }),
    )
    const outcomes = await post(sql, sales, { now: () => at })
    for (const outcome of outcomes) if (outcome.status === 'accepted') earned.set(outcome.id, outcome.earned)
    const returns = sales
      .filter((_, index) => index % RETURNED_EVERY === 0)
      .map(
        ({ id: originalId }): Request => ({
          ...{ kind: 'refund', id: newId(at), at, author, originalId, refundKopecks: 2_000 },
        }),
      )
    await post(sql, returns, { now: () => at })
  }
  return earned
}

/** Tries the book by the command line, in a process with little memory whose size is watched meanwhile. */
async function tryByHand(
  { dataDir, closers }: Stage,
  { file, from, to }: { file: string; from: Instant; to: Instant },
): Promise<{ seconds: number; kilobytes: number }> {
  const { DATABASE_URL: _, ...env } = process.env
  const admin = join(import.meta.dirname, '../cloud/admin/main.ts')
  const period = ['--from', toIso(from), '--to', toIso(to), '--json']
  const startedAt = performance.now()
  const child = spawn(
    process.execPath,
    [`--max-old-space-size=${HEAP_MEGABYTES}`, admin, 'book', 'try', file, ...period],
    { env: { ...env, KOPILKA_DATA: dataDir }, stdio: 'ignore' },
  )
  closers.defer(() => stopChild(child))
  let kilobytes = 0
  const looking = setInterval(async () => {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '')
    kilobytes = Math.max(kilobytes, Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0))
  }, 100)
  const [code] = await once(child, 'exit')
  clearInterval(looking)
  if (code !== 0) throw new Error(`the dry run ended with ${code}`)
  return { seconds: (performance.now() - startedAt) / 1000, kilobytes }
}

async function countDifferent(
  { sql }: Stage,
  posted: ReadonlyMap<string, number>,
  { from, to }: { from: Instant; to: Instant },
): Promise<number> {
  const { books } = await readRules(sql, { programmeId: 1, since: from })
  const waiting = new Map(posted)
  let different = 0
  await tryBook(sql, {
    ...{ book: bookAt(books, Date.now()), programmeId: 1, from, to, tell: () => {} },
    onPurchase({ id, after }) {
      if (waiting.get(id) !== after) different += 1
      waiting.delete(id)
    },
  })
  return different + waiting.size
}
