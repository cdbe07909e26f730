import { join } from 'node:path'
import { expect } from 'vitest'
import { expectHealthy } from '../../../cloud/jobs/testing.ts'
import type { TestCloud } from '../../../cloud/testing/cloud.ts'
import { openJournal } from '../outbox/open.ts'

interface JournalRow {
  seq: number
  id: string
  kind: string
  state: string
}

/** What the journal of a stopped register says, in the order in which the ledger was asked. */
export function journalOf({ dataFolder }: { dataFolder: string }): JournalRow[] {
  const { journal } = openJournal(join(dataFolder, 'outbox.sqlite'), Date.now())
  const rows = journal
    .prepare<[], JournalRow>('select seq, id, kind, state from operations order by seq')
    .all()
  journal.close()
  return rows
}

/** Every operation of the journal is in the ledger once, in the order of the journal, and nothing else is. */
export async function expectSameOrder(cloud: TestCloud, rows: JournalRow[]): Promise<void> {
  const ledger = await cloud.sql<
    { id: string; customer: string; status: string; tx: string; entry: number | null }[]
  >`
    select operations.id, operations.customer_id::text as customer, status, operations.tx::text as tx,
      min(seq) as entry
    from operations
      left join entries on entries.customer_id = operations.customer_id and operation_id = operations.id
    where register_id is not null
    group by operations.id, operations.customer_id, status, operations.tx`
  const known = new Map(ledger.map((row) => [row.id, row]))
  const accepted = rows.filter(({ state }) => state === 'accepted').map(({ id }) => id)
  expect(
    ledger
      .filter(({ status }) => status === 'accepted')
      .map(({ id }) => id)
      .sort(),
  ).toEqual(accepted.toSorted())

  const inOrder = rows.flatMap(({ id }) => known.get(id) ?? [])
  const transactions = inOrder.map(({ tx }) => Number(tx))
  expect(transactions).toEqual(transactions.toSorted((left, right) => left - right))
  // Within a transaction the entries of each customer tell the order.
  for (const of of new Set(inOrder.map(({ customer }) => customer))) {
    const entries = inOrder.flatMap(({ customer, entry }) =>
      customer === of && entry !== null ? [entry] : [],
    )
    expect(entries).toEqual(entries.toSorted((left, right) => left - right))
  }
}

export async function expectBalances(cloud: TestCloud, balances: Map<string, number>): Promise<void> {
  const rows = await cloud.sql<{ card: string; balance: number; debt: number }[]>`
    select card, balance, debt from customers order by card`
  expect(rows.map(({ card, balance, debt }) => [card, balance, debt])).toEqual(
    [...balances].sort().map(([card, balance]) => [card, balance, 0]),
  )
  await expectHealthy(cloud.sql)
}
