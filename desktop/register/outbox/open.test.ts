import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { JournalError, openJournal } from './open.ts'
import { migrations } from './schema.ts'

const PAGE_BYTES = 4096
const now = Date.parse('2025-12-07T10:00:00.000Z')

describe('the journal', () => {
  let folder: string
  let path: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kopilka-journal-'))
    path = join(folder, 'outbox.sqlite')
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  function open() {
    const { journal, setAside } = openJournal(path, now)
    return { journal, setAside, close: () => journal.close() }
  }

  it('writes through to the disk at every open, not only the first', () => {
    const FULL = 2
    for (const _open of ['first', 'second', 'third']) {
      const { journal, close } = open()
      expect(journal.pragma('synchronous', { simple: true })).toBe(FULL)
      expect(journal.pragma('journal_mode', { simple: true })).toBe('wal')
      expect(journal.pragma('foreign_keys', { simple: true })).toBe(1)
      close()
    }
  })

  it('keeps what it has from one open to the next', () => {
    const first = open()
    first.journal.exec(`
      insert into operations (id, kind, content, device_at) values ('a', 'earn', '{}', 1)`)
    first.close()
    const second = open()
    expect(second.journal.prepare('select id from operations').pluck().all()).toEqual(['a'])
    expect(second.setAside).toBeNull()
    second.close()
  })

  it('of before merges keeps everything, and takes one', () => {
    const [first] = migrations
    const earlier = new Database(path)
    earlier.exec(first ?? '')
    earlier.pragma('user_version = 1')
    earlier.exec(`
      insert into operations (seq, id, kind, content, device_at) values (7, 'a', 'redeem', '{}', 1);
      insert into redemptions (id, step, points, protocol, changed_at) values ('a', 'asked', 5, 1, 1)`)
    earlier.close()
    const { journal, setAside, close } = open()
    expect(setAside).toBeNull()
    journal.exec(`insert into operations (id, kind, content, device_at) values ('b', 'merge', '{}', 2)`)
    expect(journal.prepare('select seq, id, kind from operations order by seq').all()).toEqual([
      { seq: 7, id: 'a', kind: 'redeem' },
      { seq: 8, id: 'b', kind: 'merge' },
    ])
    expect(journal.prepare('select id from redemptions').pluck().all()).toEqual(['a'])
    journal.exec(`delete from operations where id = 'a'`)
    expect(journal.prepare('select count(*) from redemptions').pluck().get()).toBe(0)
    close()
  })

  it('finds what was handed over without reading all of it, also where an earlier version made it', () => {
    const earlier = open()
    earlier.journal.exec('drop index operations_handed_over')
    earlier.close()
    const { journal, close } = open()
    const plan = journal.prepare<[], { detail: string }>(
      `explain query plan select id from operations where state = 'handed_over' order by settled_at desc, seq desc`,
    )
    expect(plan.all().map(({ detail }) => detail)).toEqual([
      expect.stringContaining('INDEX operations_handed_over'),
    ])
    close()
  })

  /** As a disk does that gives back other bytes than it was given. */
  function replaceInFile(text: string, other: string): void {
    const bytes = readFileSync(path)
    const at = bytes.indexOf(text)
    expect(at).toBeGreaterThan(0)
    bytes.write(other, at)
    writeFileSync(path, bytes)
  }

  it.each([
    ['is no database', () => writeFileSync(path, 'x'.repeat(8192))],
    [
      'says that it is of a format which no SQLite has made',
      () => {
        open().close()
        const bytes = readFileSync(path)
        bytes.writeUInt32BE(9, 44)
        writeFileSync(path, bytes)
      },
    ],
    [
      'has an index that names rows which are not there',
      () => {
        const { journal, close } = open()
        journal.exec(`
          insert into operations (id, kind, content, device_at, sale) values ('a', 'earn', '{}', 1, 'of one sale')`)
        const page = journal
          .prepare<[], number>(`select rootpage from sqlite_schema where name = 'operations_by_sale'`)
          .pluck()
          .get()
        close()
        const bytes = readFileSync(path)
        const at = bytes.indexOf('of one sale', ((page ?? 0) - 1) * PAGE_BYTES)
        bytes.write('of no sale!', at)
        writeFileSync(path, bytes)
      },
    ],
    [
      'was overwritten in the middle',
      () => {
        const { journal, close } = open()
        const insert = journal.prepare(
          `insert into operations (id, kind, content, device_at) values (?, 'earn', ?, 1)`,
        )
        for (let row = 0; row < 500; row += 1) insert.run(String(row), 'x'.repeat(200))
        close()
        const bytes = readFileSync(path)
        bytes.fill(0xff, 4096, bytes.length - 4096)
        writeFileSync(path, bytes)
      },
    ],
    [
      'has a column of another name',
      () => {
        open().close()
        replaceInFile('offset_ms integer', 'offset_mz integer')
      },
    ],
    [
      'has an operation that cannot be read',
      () => {
        const { journal, close } = open()
        journal.exec(
          `insert into operations (id, kind, content, device_at) values ('1', 'earn', '{"card":"654321"}', 1)`,
        )
        close()
        replaceInFile('"654321"}', '"654321"]')
      },
    ],
  ])('that %s is set aside as it was, and a new one begins', (_what, damage) => {
    damage()
    const damaged = readFileSync(path)
    const { journal, setAside, close } = open()
    expect(setAside).toBe(`${path}.corrupt-2025-12-07T10-00-00-000Z`)
    expect(readFileSync(setAside ?? '').equals(damaged)).toBe(true)
    expect(journal.prepare('select count(*) from operations').pluck().get()).toBe(0)
    close()
  })

  it('of a newer program is left alone', () => {
    const newer = new Database(path)
    newer.pragma('user_version = 99')
    newer.close()
    expect(open).toThrow(JournalError)
    expect(readdirSync(folder).filter((name) => name.includes('corrupt'))).toEqual([])
  })

  it('belongs to one register at a time, and is free once that has died', async () => {
    const program = `
      import { openJournal } from ${JSON.stringify(new URL('./open.ts', import.meta.url).href)}
      const { journal } = openJournal(${JSON.stringify(path)}, 0)
      journal.exec("insert into operations (id, kind, content, device_at) values ('a', 'earn', '{}', 1)")
      console.log('open')
      setInterval(() => {}, 1000)`
    const other = spawn(process.execPath, ['--input-type=module-typescript', '-e', program])
    await once(other.stdout, 'data')
    expect(open).toThrow('Another register is running on this data folder')
    other.kill('SIGKILL')
    await once(other, 'exit')
    const { journal, setAside, close } = open()
    expect(setAside).toBeNull()
    expect(journal.prepare('select id from operations').pluck().all()).toEqual(['a'])
    expect(existsSync(path)).toBe(true)
    close()
  })
})
