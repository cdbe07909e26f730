import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { toIso } from '../../shared/time.ts'
import { logChange } from '../access/auditLog.ts'
import { placeFor, prune, writeFile } from '../backup/folder.ts'
import { BackupError } from '../backup/format.ts'
import { verifyBackup } from '../backup/read.ts'
import { restore } from '../backup/restore.ts'
import { backUp } from '../backup/write.ts'
import { runAudit } from '../ledger/audit.ts'
import { authorName } from '../ledger/rows.ts'
import { AdminError, type Command, command, type House, UsageError } from './command.ts'
import { integerInput } from './inputs.ts'
import { moment } from './print.ts'

type BackupInput = { to?: string | undefined; keep?: number | undefined }

/** Writes what is in the database now to a file, and removes older ones of its folder only when that is whole. */
export async function makeBackup({ sql, now, dataDir }: House, { to, keep }: BackupInput) {
  if (keep !== undefined && to?.endsWith('.gz'))
    throw new UsageError('--keep is for a folder of backups: let --to name a folder.')
  const file = await placeFor(to ?? join(dataDir, 'backups'), now)
  const { rows } = await backUp(sql, { now, save: (lines) => writeFile(file, lines, verifyBackup) })
  const removed = keep === undefined ? [] : await prune(file, { keep, now })
  return { file, bytes: (await stat(file)).size, madeAt: toIso(now), rows, removed }
}

export async function restoreBackup({ sql, admin }: House, { from }: { from: string }) {
  const file = resolve(from)
  const restored = await restore(sql, file, {
    record: (sql, { madeAt }) =>
      logChange(sql, {
        who: authorName(admin),
        action: 'restore',
        subject: 'database',
        after: { madeAt, file },
      }),
  })
  return { file, ...restored, violations: await runAudit(sql) }
}

export const backupCommands: Record<string, Command> = {
  backup: command({
    usage: 'backup [--to <folder or file.gz>] [--keep <number>]',
    input: z.strictObject({
      to: z.string().min(1).optional(),
      keep: integerInput.refine((count) => count >= 1, 'one at least must stay').optional(),
    }),
    isSchemaLeft: true,
    run: (house, input) => told(makeBackup(house, input)),
    text: ({ file, bytes, rows, removed }) =>
      [
        `The backup ${file} is whole: ${contents(rows)}; ${(bytes / 1e6).toFixed(1)} MB.`,
        'Whoever can read it can read the names of all customers: keep it as safe as the database.',
        ...(removed.length > 0 ? [`Removed ${removed.length} older: ${removed.join(', ')}.`] : []),
      ].join('\n'),
  }),

  restore: command({
    usage: 'restore --from <file>',
    input: z.strictObject({ from: z.string().min(1) }),
    isSchemaLeft: true,
    run: (house, input) => told(restoreBackup(house, input)),
    text: ({ file, madeAt, rows, violations }) =>
      [
        `The database is as it was on ${moment(madeAt)} UTC: ${contents(rows)}, from ${file}.`,
        violations.length === 0
          ? 'The ledger is healthy.'
          : `But the ledger is NOT healthy: ${violations.length} violations, which the backed-up database had too. ` +
            'See "audit" before anybody sells.',
        'What happened after that moment is not in it: docs/backup.md says what to look after.',
      ].join('\n'),
    exitCode: ({ violations }) => (violations.length === 0 ? 0 : 1),
  }),
}

function contents(rows: Record<string, number>): string {
  const { customers = 0, operations = 0, entries = 0 } = rows
  return `${customers} customers, ${operations} operations, ${entries} entries`
}

async function told<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw error instanceof BackupError ? new AdminError(error.code, error.message) : error
  }
}
