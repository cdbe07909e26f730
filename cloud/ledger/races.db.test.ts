import { afterEach, beforeEach, describe, expect, it, test } from 'vitest'
import type { Outcome } from '../../shared/operation.ts'
import { DAY, MINUTE } from '../../shared/time.ts'
import { performWithin } from '../acts/act.ts'
import { eraseCustomer, freezeCustomer } from '../acts/customers.ts'
import { byAdmin } from '../acts/testing.ts'
import { connect, type Sql } from '../database/connect.ts'
import { isHeldUp } from '../database/outage.ts'
import { createTestDatabase, insist, type TestDatabase } from '../database/testing.ts'
import { expire } from '../jobs/expire.ts'
import { sweep } from '../jobs/sweep.ts'
import { runAudit } from './audit.ts'
import { claimPendingHolds } from './claim.ts'
import { findHeld } from './held.ts'
import { post } from './post.ts'
import { createQueue, Overloaded } from './queue.ts'
import type { Request } from './request.ts'
import { addStores, adjust, apply, earn, noon, redeem, release, stranger, till } from './testing/makers.ts'
import { createWriter } from './writer.ts'

const CARD = '111111'

let database: TestDatabase
/** As of another process. */
let other: Sql
beforeEach(async () => {
  database = await createTestDatabase()
  other = connect(database.url)
  await addStores(database.sql)
  await database.sql`insert into registers (store_id, name, key_hash) values (1, 'Касса 1', 'a'), (1, 'Касса 2', 'b'), (2, 'Касса 1', 'c')`
  await database.sql`insert into customers (card, first_name) values (${CARD}, 'Анна')`
})
afterEach(async () => {
  expect(await runAudit(database.sql)).toEqual([])
  await other.end()
  await database.drop()
})

const freeze = (card: string, undo = false) =>
  other.begin((sql) => performWithin(sql, freezeCustomer, { card, undo }, byAdmin(other)))
const erase = (card: string) =>
  other.begin((sql) => performWithin(sql, eraseCustomer, { card }, byAdmin(other)))

describe('between what a group has loaded and what it writes', () => {
  const dead = () => adjust(50, { card: CARD, at: noon - 44 * DAY })
  const pending = () => redeem(10, { card: CARD, via: 'agent' })

  /** The group has everything locked and loaded, and writes when it is told to. */
  async function meanwhile(request: Request, change: () => Promise<unknown>) {
    const { sql } = database
    await sql.unsafe(`
      create table may_write ();
      create function wait_to_write() returns trigger language plpgsql as $$
      begin
        while not exists (select from may_write) loop perform pg_sleep(0.001); end loop;
        return new;
      end $$;
      create trigger wait_to_write before insert on operations for each row execute function wait_to_write()`)
    const written = post(sql, [request], { now: () => noon })
    while (
      (
        await other`select from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()`
      ).length === 0
    );
    let isChanged = false
    const changed = change().finally(() => {
      isChanged = true
    })
    // It waits for the group now, or has passed by what the group has.
    while (!isChanged && (await other`select from pg_locks where not granted`).length === 0);
    const wasChangedBefore = isChanged
    await other`insert into may_write default values`
    const [outcome] = await written
    await changed
    return { outcome, wasChangedBefore, change: await changed }
  }

  it('nobody is frozen', async () => {
    const found = await meanwhile(earn(100_000, { card: CARD }), () => freeze(CARD))
    expect(found).toMatchObject({ outcome: { status: 'accepted' }, wasChangedBefore: false })
    expect(await database.sql`select status, balance from customers`).toMatchObject([
      { status: 'frozen', balance: 40 },
    ])
  })

  it('nobody is erased', async () => {
    const found = await meanwhile(earn(100_000, { card: CARD }), () => erase(CARD))
    expect(found).toMatchObject({ outcome: { status: 'accepted' }, wasChangedBefore: false })
    expect(await database.sql`select status from customers`).toEqual([{ status: 'erased' }])
  })

  it('no other process sells', async () => {
    const sold = earn(200_000, { card: CARD, author: stranger })
    const found = await meanwhile(earn(100_000, { card: CARD }), () =>
      insist(() => post(other, [sold], { now: () => noon })),
    )
    expect(found).toMatchObject({
      wasChangedBefore: false,
      outcome: { customer: { available: 40 } },
      change: [{ customer: { available: 120 } }],
    })
  })

  it('no hold is claimed', async () => {
    const held = pending()
    await post(database.sql, [adjust(100, { card: CARD }), held], { now: () => noon })
    const claim = () => claimPendingHolds(other, 1, { now: noon, holdSeconds: 90 })
    const found = await meanwhile(release(held), claim)
    expect(found).toMatchObject({ outcome: { status: 'accepted' }, wasChangedBefore: true, change: [] })
    expect(await database.sql`select state from holds`).toEqual([{ state: 'released' }])
  })

  it('a hold may be claimed of which the group wants nothing', async () => {
    const held = pending()
    await post(database.sql, [adjust(100, { card: CARD }), held], { now: () => noon })
    const claim = () => claimPendingHolds(other, 1, { now: noon, holdSeconds: 90 })
    const found = await meanwhile(earn(100_000, { card: CARD }), claim)
    expect(found).toMatchObject({ outcome: { status: 'accepted' }, change: [{ id: held.id }] })
    expect(await database.sql`select state from holds`).toEqual([{ state: 'processing' }])
  })

  it('no hold comes into doubt', async () => {
    const held = redeem(10, { card: CARD })
    await post(database.sql, [adjust(100, { card: CARD }), held], { now: () => noon })
    const found = await meanwhile(apply(held), () => sweep(other, { now: noon + 60 * MINUTE }))
    expect(found).toMatchObject({ outcome: { status: 'accepted' }, change: { inDoubt: 0 } })
    expect(await database.sql`select state from holds`).toEqual([{ state: 'applied' }])
  })

  it('nothing expires', async () => {
    await post(database.sql, [dead()], { now: () => noon })
    const found = await meanwhile(earn(100_000, { card: CARD }), async () => {
      while ((await expire(other, { now: noon + 2 * DAY })).failed > 0);
    })
    expect(found).toMatchObject({ wasChangedBefore: false, outcome: { customer: { available: 90 } } })
    expect(await database.sql`select balance from customers`).toEqual([{ balance: 40 }])
  })
})

test('whatever two processes do at once, each operation is executed once and the ledger is sound', async () => {
  const cards = ['222221', '222222', '222223']
  await database.sql`insert into customers (card) select card from unnest(${cards}::text[]) as card`
  await database.sql`update programmes set settings = '{"max_open_holds": 1000}'`
  const writers = [database.sql, other].map((sql) => ({
    sql,
    ...createWriter(database, { now: () => noon }),
  }))
  const processes = writers.map(({ sql, execute }) =>
    createQueue(execute, (requests) => findHeld(sql, requests)),
  )
  /** As a register does: whoever is told to come again comes again. */
  async function submit(index: number, requests: Request[]): Promise<Outcome[]> {
    const queue = processes[index % processes.length]
    if (!queue) throw new Error('there is no such process')
    for (;;) {
      try {
        return await queue.submit(requests)
      } catch (error) {
        if (!(error instanceof Overloaded) && !isHeldUp(error)) throw error
      }
    }
  }
  await submit(
    0,
    cards.map((card) => adjust(1_000, { card })),
  )
  const rounds = Array.from({ length: 40 }, (_, round) => {
    const card = cards[round % cards.length] ?? ''
    const held = redeem(1, {
      card,
      purchaseKopecks: 100_000 + round,
      ...(round % 2 && { via: 'agent' as const }),
    })
    return [earn(50_000 + round, { card, author: round % 3 ? till : stranger }), held, apply(held)]
  })
  const house = [
    () => freeze('222223'),
    () => sweep(other, { now: noon + 60 * MINUTE }),
    () => claimPendingHolds(other, 1, { now: noon, holdSeconds: 90 }),
    () => expire(database.sql, { now: noon + DAY }),
    () => freeze('222223', true),
    () => erase('222222'),
  ]
  const answers = await Promise.all([
    ...rounds.flatMap((requests, round) =>
      // Everybody asks both processes: a reply may be lost, and come from the other one.
      [round, round + 1].map(async (index) => ({ requests, outcomes: await submit(index, requests) })),
    ),
    (async () => {
      for (const change of house) await change()
      return null
    })(),
  ])
  const told = answers.filter((answer) => answer !== null)
  for (const requests of rounds) {
    const [one, two] = told.filter((answer) => answer.requests === requests).map(({ outcomes }) => outcomes)
    for (const [index, request] of requests.entries()) {
      const stored = await database.sql`select status from operations where id = ${request.id}`
      if (stored.length === 0) continue
      // What is stored was executed for one of them at most, and told again to the other.
      const [first, second] = [one?.[index], two?.[index]]
      expect([first?.status, second?.status]).toEqual([stored[0]?.status, stored[0]?.status])
      expect([first?.replay, second?.replay]).toContain(true)
    }
  }
  for (const { end } of writers) await end()
})
