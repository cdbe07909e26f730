import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { type Instant, toIso } from '../../../shared/time.ts'
import { migrations } from './schema.ts'

export type Journal = Database.Database

/** The journal cannot be used, and setting it aside would not help: another process has it, or a newer program made it. */
export class JournalError extends Error {
  override name = 'JournalError'
}

/**
 * Opens the journal, or makes it. A file that SQLite cannot trust is set aside under a new name, never
 * deleted: `setAside` says where it is.
 */
export function openJournal(path: string, now: Instant): { journal: Journal; setAside: string | null } {
  mkdirSync(dirname(path), { recursive: true })
  try {
    return { journal: openSound(path), setAside: null }
  } catch (error) {
    if (!isCorrupt(error)) throw explain(error)
    const setAside = `${path}.corrupt-${toIso(now).replaceAll(/[:.]/g, '-')}`
    for (const suffix of ['', '-wal', '-shm']) {
      if (existsSync(path + suffix)) renameSync(path + suffix, setAside + suffix)
    }
    return { journal: openSound(path), setAside }
  }
}

function openSound(path: string): Journal {
  const journal = new Database(path, { timeout: 2000 })
  try {
    // One process, one journal: a second register on the same folder must not send what this one sends.
    journal.pragma('locking_mode = exclusive')
    journal.pragma('journal_mode = wal')
    // Not the default of this build when it opens a file that is in WAL mode already: a power cut must not
    // take back a step that the folder of 1C has seen.
    journal.pragma('synchronous = full')
    journal.pragma('foreign_keys = on')
    // A name that is forgotten is not to be read from what the file no longer uses.
    journal.pragma('secure_delete = on')
    if (journal.pragma('quick_check', { simple: true }) !== 'ok') throw new CorruptError()
    migrate(journal)
    // Whoever was killed after forgetting a name has left it in the log of changes.
    journal.pragma('wal_checkpoint(truncate)')
    return journal
  } catch (error) {
    journal.close()
    throw error
  }
}

function migrate(journal: Journal): void {
  const version = Number(journal.pragma('user_version', { simple: true }))
  if (version > migrations.length) {
    throw new JournalError(
      'The journal was made by a newer version of the program: install that version again.',
    )
  }
  journal.transaction(() => {
    for (const statements of migrations.slice(version)) journal.exec(statements)
    journal.pragma(`user_version = ${migrations.length}`)
  })()
}

class CorruptError extends Error {
  readonly code = 'SQLITE_CORRUPT'
}

function isCorrupt(error: unknown): boolean {
  return /^SQLITE_(CORRUPT|NOTADB)/.test(sqliteCode(error))
}

function explain(error: unknown): unknown {
  if (!sqliteCode(error).startsWith('SQLITE_BUSY')) return error
  return new JournalError('Another register is running on this data folder: close it first.')
}

function sqliteCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
