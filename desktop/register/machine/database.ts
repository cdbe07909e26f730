import { chmodSync, closeSync, existsSync, openSync } from 'node:fs'
import Database from 'better-sqlite3'
import { PRIVATE } from './files.ts'

export type OpenDatabase = (path: string, options?: Database.Options) => Database.Database

/**
 * Whether an error says that the file is damaged. All statements are ours, so one that SQLite calls wrong means that its
 * tables are not there any more.
 */
export function isDamaged(error: unknown): boolean {
  return error instanceof Database.SqliteError && /^SQLITE_(CORRUPT\w*|NOTADB|ERROR)$/.test(error.code)
}

/** Opens a file of SQLite, or makes it, for this user of the machine alone. */
export const openDatabase: OpenDatabase = (path, options) => {
  if (path !== ':memory:') keepPrivate(path)
  return new Database(path, options)
}

/** SQLite makes the files beside it as open as the file itself. Where this fails, so does opening it: that says why. */
function keepPrivate(path: string): void {
  try {
    if (!existsSync(path)) closeSync(openSync(path, 'a', PRIVATE))
    for (const suffix of ['', '-wal', '-shm'])
      if (existsSync(path + suffix)) chmodSync(path + suffix, PRIVATE)
  } catch {}
}
