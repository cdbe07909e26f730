import { tmpdir } from 'node:os'
import { testVoucherKey } from '../access/testing/voucherKey.ts'
import { readConfig } from '../config.ts'
import type { Sql } from '../database/connect.ts'
import type { FileStore } from '../updates/fileStore.ts'
import { openFolderStore } from '../updates/folderStore.ts'
import type { House } from './command.ts'
import { runCommandLine } from './commandLine.ts'
import { commands } from './commands.ts'

export const noon = Date.parse('2025-12-07T12:00:00.000Z')

export const houseOf = (sql: Sql, now = noon, updates: FileStore = openFolderStore('no folder')): House => ({
  sql,
  now,
  dataDir: tmpdir(),
  // Where nothing can be written, but by a test that names another.
  erasuresFile: '/dev/null/erasures.jsonl',
  botToken: null,
  voucherKey: () => testVoucherKey,
  who: { type: 'admin', name: 'anna' },
  timeZone: 'Europe/Moscow',
  publicUrl: 'https://points.test',
  updates,
  warn: () => {},
  show: () => {},
})

/** What the log of changes holds, oldest first. */
export async function changesIn(sql: Sql) {
  return [...(await sql`select who, action, subject, before, after from audit_log order by id`)]
}

/** What the command line says and answers, without a process of its own. */
export async function say(args: string[], DATABASE_URL: string) {
  const out: string[] = []
  const error: string[] = []
  const exitCode = await runCommandLine(commands, {
    args,
    config: () => readConfig({ DATABASE_URL }),
    print: { out: (text) => out.push(text), error: (text) => error.push(text) },
  })
  return { out: out.join('\n'), error: error.join('\n'), exitCode }
}
