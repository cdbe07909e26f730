import { mkdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import type Database from 'better-sqlite3'
import { type OpenDatabase, openDatabase as openPrivately } from '../machine/database.ts'
import type { Log } from '../machine/log.ts'

export interface FileOptions {
  path: string
  /** The cloud and the store that these customers are of. Those of another are thrown away. */
  for: string
  log: Log
  openDatabase?: OpenDatabase | undefined
}

/**
 * Version 1 had the customers of the whole chain, and names in unused room; 2 had no statuses of the programme; 3 had no
 * merged cards; 4 had no segments.
 */
const VERSION = 5

/** Opens the copy, or begins it anew where it cannot be read: it is only a cache. */
export function openCustomerFile(options: FileOptions): Database.Database {
  const { path, log } = options
  try {
    mkdirSync(dirname(path), { recursive: true })
    return openOwned(options)
  } catch (error) {
    log.warn({ err: error, path }, 'the copy of the customers cannot be read; it begins anew')
    return replaceCustomerFile(options)
  }
}

/** Makes the file anew; where that fails, the copy lives in memory, because a register without it still sells. */
export function replaceCustomerFile(options: FileOptions): Database.Database {
  const { path, log } = options
  try {
    for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true })
    return openOwned(options)
  } catch (error) {
    log.error({ err: error, path }, 'the copy of the customers has no file; it is lost when the program ends')
    return openOwned({ ...options, path: ':memory:' })
  }
}

function openOwned({ path, for: owner, openDatabase = openPrivately }: FileOptions): Database.Database {
  const database = openDatabase(path)
  try {
    database.pragma('journal_mode = wal')
    database.pragma('synchronous = normal')
    // An erased name is not to be read from what the file no longer uses.
    database.pragma('secure_delete = on')
    const isNew = database.transaction(() => own(database, owner))()
    // What an older version left between the rows goes with the room it takes.
    if (isNew) database.exec('vacuum')
    // A register that was killed after it forgot a name has left the name in the log of changes.
    database.pragma('wal_checkpoint(truncate)')
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** Claims the file for this cloud, store and version. True where it had others and begins anew. */
function own(database: Database.Database, owner: string): boolean {
  if (database.pragma('user_version', { simple: true }) === VERSION) {
    const was = database.prepare<[], string>('select owner from feed').pluck().get()
    if (was === owner) return false
  }
  database.exec(`
    drop table if exists feed;
    drop table if exists customers;
    drop table if exists merged;
    create table feed (owner text not null, cursor text) strict;
    create table customers (
      card text primary key,
      first_name text,
      available integer not null,
      -- A word of the cloud's, and there may be new ones.
      status text not null,
      -- The status of the programme and what there is of its measure, as JSON.
      standing text,
      -- In which of the segments that rules ask for they are, as JSON.
      segments text,
      as_of integer not null
    ) strict, without rowid;
    -- Cards that stand for the customer of another one.
    create table merged (card text primary key, into_card text not null) strict, without rowid;
    pragma user_version = ${VERSION}`)
  database.prepare('insert into feed (owner) values (?)').run(owner)
  return true
}
