import { mkdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { type OpenDatabase, openDatabase as openPrivately } from '../database.ts'
import type { Log } from '../log.ts'

export interface FileOptions {
  path: string
  /** Whose customers these are: a cloud and a store. The customers of another are thrown away. */
  for: string
  log: Log
  openDatabase?: OpenDatabase | undefined
}

const VERSION = 1

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

/** Where no file can be had at all the copy lives in memory, because a register without it still sells. */
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

export function isDamaged(error: unknown): boolean {
  return error instanceof Database.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code)
}

function openOwned({ path, for: owner, openDatabase = openPrivately }: FileOptions): Database.Database {
  const database = openDatabase(path)
  try {
    database.pragma('journal_mode = wal')
    database.pragma('synchronous = normal')
    database.transaction(() => own(database, owner))()
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

function own(database: Database.Database, owner: string): void {
  if (database.pragma('user_version', { simple: true }) === VERSION) {
    const was = database.prepare<[], string>('select owner from feed').pluck().get()
    if (was === owner) return
  }
  database.exec(`
    drop table if exists feed;
    drop table if exists customers;
    create table feed (owner text not null, cursor text) strict;
    create table customers (
      card text primary key,
      first_name text,
      available integer not null,
      status text not null check (status in ('active', 'frozen')),
      as_of integer not null
    ) strict, without rowid;
    pragma user_version = ${VERSION}`)
  database.prepare('insert into feed (owner) values (?)').run(owner)
}
