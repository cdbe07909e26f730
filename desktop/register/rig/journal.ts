import { readFileSync, writeFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { type OpenDatabase, openDatabase } from '../machine/database.ts'
import { codeOf } from '../machine/files.ts'
import type { VirtualDisk } from './disk.ts'
import type { Faults } from './faults.ts'

const HEADER_BYTES = 32
const FRAME_HEADER_BYTES = 24
/** SQLite moves its log into the file when it has so many frames: what was moved cannot be cut off any more. */
const CHECKPOINT_FRAMES = 1000
const FULL = 2

interface Opened {
  database: Database.Database
  path: string
  /** Where the power went within its last commit. */
  isTorn: boolean
  /** Whether a commit is on the disk when it returns; known from its first commit on. */
  isSynced: boolean | null
}

/**
 * The real SQLite, on a folder in memory. better-sqlite3 lets nobody put a file system of their own under it, and need
 * not: in WAL mode a commit appends frames to the log and, with `synchronous = full`, syncs it before it returns. So a
 * loss of power leaves the file and a beginning of the log: with `full` all of it but the commit that is under way, with
 * less what chance leaves. That log is cut here at a frame, or within one, and SQLite itself recovers from it.
 */
export function createJournals({
  disk,
  faults,
  die,
}: {
  disk: VirtualDisk
  faults: Faults
  /** The power goes just now. */
  die: () => void
}) {
  const open = new Set<Opened>()

  /** Nothing is written where the disk takes nothing. */
  function assertWritable(): void {
    if (disk.isRefused()) throw new Database.SqliteError('database or disk is full', 'SQLITE_FULL')
  }

  function committed(opened: Opened): void {
    opened.isSynced ??= isSynced(opened.database)
    if (opened.isSynced) disk.syncNames()
    const within = 'power: lost within a commit of the journal'
    if (!faults.strikes(within)) return
    opened.isTorn = faults.random(within).chance(0.7)
    die()
    throw new Error('the power is gone')
  }

  function instrument(opened: Opened): void {
    const { database } = opened
    const { prepare, transaction } = database
    const total = database.prepare<[], number>('select total_changes()').pluck()
    let changes = total.get()
    /** Since this was asked last. What changes nothing is no commit. */
    function hasChanged(): boolean {
      const before = changes
      changes = total.get()
      return changes !== before
    }
    database.transaction = ((work: (...args: unknown[]) => unknown) => {
      const run = transaction.call(database, work)
      return (...args: unknown[]) => {
        if (database.inTransaction) return run(...args)
        assertWritable()
        let result: unknown
        try {
          result = run(...args)
        } catch (error) {
          // What was rolled back was counted too.
          hasChanged()
          throw error
        }
        if (hasChanged()) committed(opened)
        return result
      }
    }) as typeof transaction
    database.prepare = ((source: string) => {
      const statement = prepare.call(database, source)
      if (statement.readonly) return statement
      const run = statement.run as (...args: unknown[]) => Database.RunResult
      statement.run = (...args: unknown[]) => {
        if (database.inTransaction) return run.apply(statement, args)
        assertWritable()
        const result = run.apply(statement, args)
        if (hasChanged()) committed(opened)
        return result
      }
      return statement
    }) as typeof prepare
  }

  return {
    openDatabase: ((path, options) => {
      const database = openDatabase(path, options)
      if (path === ':memory:') return database
      const opened = { database, path, isTorn: false, isSynced: null }
      for (const each of open) if (!each.database.open) open.delete(each)
      open.add(opened)
      instrument(opened)
      return database
    }) satisfies OpenDatabase,

    find: (path: string): Database.Database | null =>
      [...open].find((opened) => opened.path === path && opened.database.open)?.database ?? null,

    losePower(): void {
      for (const opened of open) {
        const { database, path } = opened
        if (!database.open) continue
        const left = faults.strikes('disk: what was not synced is gone') ? whatIsLeft(opened) : null
        database.close()
        if (!left) continue
        writeFileSync(path, left.file)
        writeFileSync(`${path}-wal`, left.log)
      }
      open.clear()
    },
  }

  /** Null where all of it is. */
  function whatIsLeft({ database, path, isTorn }: Opened): { file: Buffer; log: Buffer } | null {
    if (isSynced(database) && !isTorn) return null
    const log = readLog(`${path}-wal`)
    const { frameBytes, commits, frames } = framesOf(log)
    const last = commits.at(-1)
    if (last === undefined || frames >= CHECKPOINT_FRAMES) return null
    const random = faults.random('disk: a write is torn')
    const before = isSynced(database) ? (commits.at(-2) ?? -1) : -1
    // So many whole frames are left; the last of a transaction missing, none of it counts.
    const kept = random.int(before + 1, last)
    const torn = faults.strikes('disk: a write is torn') ? random.int(1, frameBytes - 1) : 0
    return {
      file: readFileSync(path),
      log: log.subarray(0, HEADER_BYTES + kept * frameBytes + torn),
    }
  }
}

const isSynced = (database: Database.Database) =>
  Number(database.pragma('synchronous', { simple: true })) >= FULL

/** The frames that the log has since it was begun anew, and which of them end a transaction. */
export function framesOf(log: Buffer) {
  const commits: number[] = []
  if (log.length < HEADER_BYTES) return { frameBytes: 0, commits, frames: 0 }
  const frameBytes = FRAME_HEADER_BYTES + log.readUInt32BE(8)
  const salts = log.subarray(16, 24)
  let frames = 0
  for (let at = HEADER_BYTES; at + frameBytes <= log.length; at += frameBytes) {
    if (!log.subarray(at + 8, at + 16).equals(salts)) break
    if (log.readUInt32BE(at + 4) > 0) commits.push(frames)
    frames += 1
  }
  return { frameBytes, commits, frames }
}

export function readLog(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return Buffer.alloc(0)
    throw error
  }
}
