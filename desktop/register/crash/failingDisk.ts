import type Database from 'better-sqlite3'
import { type Faults, failure, withFaults } from '../exchange/testing.ts'
import { type OpenDatabase, openDatabase } from '../machine/database.ts'
import type { RegisterOptions } from '../register.ts'

/** How a disk fails: `once` is the next write only, and it says nothing of SQLite. */
export interface DiskFault {
  folders: readonly string[]
  /** SQLite fails with it. */
  hasJournal: boolean
  code: 'ENOSPC' | 'EROFS' | 'EIO'
  isOnce: boolean
}

/** A disk that begins to fail when it is told to, under the files and under every file of SQLite, and works again. */
export function createFailingDisk() {
  const databases = new Set<Database.Database>()
  let fault: DiskFault | null = null
  let refusals = 0

  function write(path: string): void {
    if (!fault?.folders.some((folder) => path.startsWith(folder))) return
    const { code, isOnce } = fault
    refusals += 1
    if (isOnce) fault = null
    throw failure(code)
  }
  const faults: Faults = { writeDurably: write, rename: write, remove: write, makeFolder: write }

  /** SQLite itself refuses every write then, at any place of it, and reads on as from a disk that is full. */
  function refuseWrites(isRefused: boolean): void {
    for (const database of databases)
      if (database.open) database.pragma(`query_only = ${isRefused ? 'on' : 'off'}`)
  }

  return {
    /** What a register is made of, with this disk under it. */
    under<Given extends Pick<RegisterOptions, 'files' | 'openDatabase'>>(given: Given) {
      const { files, openDatabase: open = openDatabase } = given
      return {
        ...given,
        files: withFaults(files, faults),
        openDatabase: ((path, options) => {
          const database = open(path, options)
          if (path === ':memory:') return database
          databases.add(database)
          if (fault?.hasJournal) database.pragma('query_only = on')
          return database
        }) satisfies OpenDatabase,
      }
    },
    fail(next: DiskFault): void {
      fault = next
      refuseWrites(next.hasJournal)
    },
    recover(): void {
      fault = null
      refuseWrites(false)
    },
    /** How many writes of files it has refused. */
    refusals: () => refusals,
  }
}
