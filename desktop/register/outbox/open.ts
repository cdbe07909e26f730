import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type Database from 'better-sqlite3'
import { type Instant, toIso } from '../../../shared/time.ts'
import { isDamaged, type OpenDatabase, openDatabase as openPrivately } from '../machine/database.ts'
import { diskFailureOf } from '../machine/diskWatch.ts'
import { codeOf, PRIVATE } from '../machine/files.ts'
import { laterIndexes, migrations } from './schema.ts'

export type Journal = Database.Database

/** The journal cannot be used, and setting it aside would not help: another process has it, or a newer program made it. */
export class JournalError extends Error {
  override name = 'JournalError'
}

/**
 * Opens the journal, or makes it; it is also the lock of its folder. A file that SQLite cannot trust is set aside
 * under a new name, never deleted: `setAside` says where it is.
 */
export function openJournal(
  path: string,
  now: Instant,
  openDatabase: OpenDatabase = openPrivately,
): { journal: Journal; setAside: string | null } {
  mkdirSync(dirname(path), { recursive: true })
  const opened = openOrSetAside(path, now, openDatabase)
  noteOwner(path)
  return opened
}

function openOrSetAside(path: string, now: Instant, openDatabase: OpenDatabase) {
  try {
    return { journal: openSound(path, openDatabase), setAside: null }
  } catch (error) {
    if (!(error instanceof CorruptError || isDamaged(error))) throw explain(path, error)
    const setAside = `${path}.corrupt-${toIso(now).replaceAll(/[:.]/g, '-')}`
    for (const suffix of ['', '-wal', '-shm']) {
      if (existsSync(path + suffix)) renameSync(path + suffix, setAside + suffix)
    }
    return { journal: openSound(path, openDatabase), setAside }
  }
}

function openSound(path: string, openDatabase: OpenDatabase): Journal {
  const journal = openDatabase(path, { timeout: 2000 })
  try {
    // One process, one journal: a second register on the same folder must not send what this one sends.
    journal.pragma('locking_mode = exclusive')
    journal.pragma('journal_mode = wal')
    // Not the default of this build when it opens a file that is in WAL mode already: a power cut must not
    // take back a step that the folder of 1C has seen.
    journal.pragma('synchronous = full')
    // A name that is forgotten is not to be read from what the file no longer uses.
    journal.pragma('secure_delete = on')
    if (journal.pragma('integrity_check', { simple: true }) !== 'ok') throw new CorruptError()
    // A migration may make a table anew, which must not delete the rows that refer to it.
    journal.pragma('foreign_keys = off')
    migrate(journal)
    journal.pragma('foreign_keys = on')
    if (!isReadable(journal)) throw new CorruptError()
    makeIndexes(journal)
    // A register that was killed after it forgot a name has left the name in the log of changes.
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
  // A journal of this version is opened without a write, so a full disk does not keep a register from starting.
  if (version === migrations.length) return
  journal.transaction(() => {
    for (const statements of migrations.slice(version)) journal.exec(statements)
    journal.pragma(`user_version = ${migrations.length}`)
  })()
}

/** Where they cannot be written, the lists are slower until the next start. */
function makeIndexes(journal: Journal): void {
  try {
    journal.exec(laterIndexes)
  } catch (error) {
    if (diskFailureOf(error) === null) throw error
  }
}

/** Whether the columns are those that this program makes and each row can be read, which the check of pages does not tell. */
function isReadable(journal: Journal): boolean {
  if (columnsOf(journal) !== columnsMade()) return false
  const unreadable = journal.prepare(
    `select exists (
      select 1 from operations where not json_valid(content) or (outcome is not null and not json_valid(outcome)))`,
  )
  return unreadable.pluck().get() === 0
}

let made: string | null = null
/** The columns of a new journal of this program; worked out once. */
function columnsMade(): string {
  if (made !== null) return made
  const fresh = openPrivately(':memory:')
  try {
    migrate(fresh)
    made = columnsOf(fresh)
    return made
  } finally {
    fresh.close()
  }
}

function columnsOf(journal: Journal): string {
  const columns = journal.prepare(`
    select tables.name as tableName, columns.name, columns.type, columns."notnull", columns.pk
    from sqlite_schema tables, pragma_table_info(tables.name) columns
    where tables.type = 'table' order by tables.name, columns.cid`)
  return JSON.stringify(columns.all())
}

class CorruptError extends Error {}

function explain(path: string, error: unknown): unknown {
  const code = codeOf(error) ?? ''
  if (code.startsWith('SQLITE_BUSY'))
    return new JournalError(
      `Another register is running on this data folder: ${dirname(path)}${ownerOf(path)}. Close it first, or give this one a folder of its own with --data.`,
    )
  if (/^SQLITE_(FULL|IOERR|READONLY|CANTOPEN)/.test(code))
    return new JournalError(
      `The journal ${path} cannot be written (${code}): is the disk full, read-only or failing? Nothing was changed.`,
    )
  return error
}

const OWNER = 'running'

/** The process that has the folder, for the message of a second one; nothing depends on it. */
function noteOwner(path: string): void {
  if (path === ':memory:') return
  try {
    writeFileSync(join(dirname(path), OWNER), String(process.pid), { mode: PRIVATE })
  } catch {}
}

function ownerOf(path: string): string {
  try {
    const pid = Number(readFileSync(join(dirname(path), OWNER), 'utf8'))
    return Number.isInteger(pid) && pid > 0 ? ` (process ${pid})` : ''
  } catch {
    return ''
  }
}
