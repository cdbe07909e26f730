import type { Sql, Tx } from '../database/connect.ts'

/**
 * Where a reader stands. First it walks all customers by id, remembering the transaction it began at;
 * then it follows what is written by the transaction that wrote it.
 */
export type Cursor = { walk: Walk } | { follow: Place }

export interface Walk {
  lastId: number
  began: number
}

/** A place behind all that transaction `tx` did to customers up to `lastId`, and behind all transactions before it. */
export interface Place {
  tx: number
  lastId: number
}

export interface Stand {
  /** All transactions below it have ended, so that nothing is missed however long one took to commit. */
  horizon: number
  /**
   * Which life of the database transactions are counted in. A restore into another server, into another table, or
   * to an earlier point in time begins a new one, in which the numbers of the old one mean something else. A list that
   * not all may read has lives of its own: a cursor of another list has other customers behind it.
   */
  life: string
}

/** What is read below the horizon must be read in this statement's snapshot or a later one. */
export async function readStand(sql: Sql | Tx, list: string | null = null): Promise<Stand> {
  const [stand] = await sql<Stand[]>`
    select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as horizon,
      left(md5(concat_ws(' ', system_identifier, 'customers'::regclass::oid,
        case when pg_is_in_recovery() then 'recovery' else left(pg_walfile_name(pg_current_wal_lsn()), 8) end,
        ${list}::text
      )), 12) as life
    from pg_control_system()`
  if (!stand) throw new Error('the server did not say where it stands')
  return stand
}

/**
 * A text that is no cursor of this life counts as none: the reader begins again and loses nothing. So does a cursor from the
 * future, which is from before older files were put in the place of the server's.
 */
export function goOnFrom(text: string | undefined, { horizon, life }: Stand): Cursor {
  const cursor = parse(text, life)
  if (cursor && ('walk' in cursor ? cursor.walk.began : cursor.follow.tx) <= horizon) return cursor
  return { walk: { lastId: 0, began: horizon } }
}

/** The cursor after a page of the walk that ended with `lastId`; null: it was the last page. */
export function afterWalked({ began }: Walk, lastId: number | null): Cursor {
  return lastId === null ? { follow: { tx: began, lastId: 0 } } : { walk: { lastId, began } }
}

/** The cursor after a page that ended with `last`; null: there is no more below the horizon. */
export function afterFollowed({ horizon }: Stand, last: Place | null): Cursor {
  return { follow: last ?? { tx: horizon, lastId: 0 } }
}

export function formatCursor(cursor: Cursor, { life }: Stand): string {
  return 'walk' in cursor
    ? `w.${life}.${cursor.walk.lastId}.${cursor.walk.began}`
    : `f.${life}.${cursor.follow.tx}.${cursor.follow.lastId}`
}

function parse(text: string | undefined, life: string): Cursor | null {
  const [, way, of, first, second] = /^([wf])\.(\w{1,32})\.(\d{1,15})\.(\d{1,15})$/.exec(text ?? '') ?? []
  if (of !== life) return null
  if (way === 'w') return { walk: { lastId: Number(first), began: Number(second) } }
  if (way === 'f') return { follow: { tx: Number(first), lastId: Number(second) } }
  return null
}
