import type { Logger } from 'pino'
import { BY_KEY } from '../database/byKey.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { readChanged } from './changed.ts'
import {
  afterWalked,
  type Cursor,
  formatCursor,
  goOnFrom,
  readStand,
  type Stand,
  type Walk,
} from './cursor.ts'
import { type FeedOperation, readOperations } from './operations.ts'

const CUSTOMERS_A_TURN = 500
const OPERATIONS_A_TURN = 1000

/**
 * A reader that must hear of every operation. In a new life of the database, or on another basis, it begins anew: it is
 * handed all customers, and after them each operation once that was written since the walk began. The walk has seen
 * some of those, so that a reader works out how things stand and does not add to what it had; where its walk does
 * nothing, it sees each once.
 */
export interface Reader extends Reading {
  follow(sql: Tx, operations: FeedOperation[]): Promise<void>
}

/** A reader of what other readers make of the operations: it hears of their changes when they are there. */
export interface ChangeReader extends Reading {
  hear(sql: Tx, customerIds: number[]): Promise<void>
}

interface Reading {
  name: string
  /** All that its work depends on, such as a time zone. Where it changes, the reader begins anew. */
  basis: string
  walk(sql: Tx, customerIds: number[]): Promise<void>
}

export type Turn =
  | { status: 'busy' }
  | { status: 'read'; customers: number; operations: number; more: boolean }

export interface TurnOptions {
  log?: Logger | undefined
  customersATurn?: number
  operationsATurn?: number
}

/** Reads to the end of what can be read now, a transaction a turn, so that a stop loses one turn at most. */
export async function readOn(
  sql: Sql,
  reader: Reader | ChangeReader,
  { signal, ...options }: TurnOptions & { signal?: AbortSignal | undefined } = {},
): Promise<void> {
  while (!signal?.aborted) {
    const turn = await takeTurn(sql, reader, options)
    if (turn.status === 'busy' || !turn.more) return
  }
}

/**
 * The work on one page and the cursor behind it are one transaction: whichever process dies, each page is worked on once.
 * While another process has its turn, there is nothing to do. A turn is short, because all readers wait for its
 * transaction to end.
 */
export async function takeTurn(
  sql: Sql,
  reader: Reader | ChangeReader,
  options: TurnOptions = {},
): Promise<Turn> {
  await introduce(sql, reader)
  return await sql.begin(async (sql) => {
    await prepareTransaction(sql)
    const saved = await lockReader(sql, reader, { wait: false })
    if (!saved) return { status: 'busy' }
    const stand = await readStand(sql)
    const from = goOnFrom(saved.basis === reader.basis ? saved.cursor : undefined, stand)
    const { cursor, ...page } =
      'walk' in from
        ? await walk(sql, reader, { from: from.walk, ...options })
        : await follow(sql, reader, { from: from.follow, stand, ...options })
    await sql`
      update feed_readers set cursor = ${formatCursor(cursor, stand)}, basis = ${reader.basis}
      where name = ${reader.name}`
    return { status: 'read', ...page }
  })
}

interface Page {
  cursor: Cursor
  customers: number
  operations: number
  more: boolean
}

async function walk(
  sql: Tx,
  reader: Reader | ChangeReader,
  { from, log, customersATurn = CUSTOMERS_A_TURN }: TurnOptions & { from: Walk },
): Promise<Page> {
  if (from.lastId === 0) log?.info({ reader: reader.name }, 'a reader of the feed begins with all customers')
  const rows = await sql<{ id: number }[]>`
    select id from customers where id > ${from.lastId} order by id limit ${customersATurn}`
  const last = rows.length === customersATurn ? rows.at(-1) : undefined
  if (rows.length > 0)
    await reader.walk(
      sql,
      rows.map(({ id }) => id),
    )
  if (!last) log?.info({ reader: reader.name }, 'a reader of the feed is through all customers')
  // Operations that were written during the walk are still to be followed.
  return { cursor: afterWalked(from, last?.id ?? null), customers: rows.length, operations: 0, more: true }
}

async function follow(
  sql: Tx,
  reader: Reader | ChangeReader,
  {
    from,
    stand,
    operationsATurn = OPERATIONS_A_TURN,
  }: TurnOptions & { from: Parameters<typeof readOperations>[1]; stand: Stand },
): Promise<Page> {
  if ('hear' in reader) {
    const { customerIds, ...page } = await readChanged(sql, from, { stand, limit: operationsATurn })
    if (customerIds.length > 0) await reader.hear(sql, customerIds)
    return { ...page, customers: customerIds.length, operations: 0 }
  }
  const page = await readOperations(sql, from, { stand, limit: operationsATurn })
  if (page.operations.length > 0) await reader.follow(sql, page.operations)
  return { ...page, customers: 0, operations: page.operations.length }
}

/** Allows a page of long histories more time than other statements. */
export async function prepareTransaction(sql: Tx): Promise<void> {
  await sql.unsafe(`${BY_KEY} set local statement_timeout = '60s'`)
}

/**
 * Writes the row of a reader before its first turn: a row that is not committed yet could not be skipped while it is
 * locked.
 */
export async function introduce(
  sql: Sql | Tx,
  { name, basis }: Pick<Reader, 'name' | 'basis'>,
): Promise<void> {
  await sql`
    insert into feed_readers (name, cursor, basis) values (${name}, '', ${basis}) on conflict (name) do nothing`
}

/** Keeps other processes from the work of this reader until the transaction ends; null: another is at it. */
export async function lockReader(
  sql: Tx,
  { name }: Pick<Reader, 'name'>,
  { wait }: { wait: boolean },
): Promise<{ cursor: string; basis: string } | null> {
  const [saved] = await sql<{ cursor: string; basis: string }[]>`
    select cursor, basis from feed_readers where name = ${name} for update ${wait ? sql`` : sql`skip locked`}`
  return saved ?? null
}
