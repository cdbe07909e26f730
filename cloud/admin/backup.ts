import { stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { moment, toIso } from '../../shared/time.ts'
import { whyVouchersUnknown } from '../access/voucherKey.ts'
import { ActError, InputError, performWithin } from '../acts/act.ts'
import { integerInput } from '../acts/inputs.ts'
import { recordRestore } from '../acts/restore.ts'
import { placeFor, prune, writeFile } from '../backup/folder.ts'
import { BackupError } from '../backup/format.ts'
import { verifyBackup } from '../backup/read.ts'
import { restore } from '../backup/restore.ts'
import { backUp } from '../backup/write.ts'
import { runAudit } from '../ledger/audit.ts'
import { ErasuresError } from '../people/erasures.ts'
import { type Command, command, type House } from './command.ts'
import { findErasures, LIST_NAME, listErasures } from './erasures.ts'

type BackupInput = { to?: string | undefined; keep?: number | undefined }

/** Writes what is in the database now to a file, and removes older ones of its folder only when that is whole. */
export async function makeBackup(house: House, { to, keep }: BackupInput) {
  const { sql, now, dataDir } = house
  if (keep !== undefined && to?.endsWith('.gz'))
    throw new InputError('--keep is for a folder of backups: let --to name a folder.')
  const file = await placeFor(to ?? join(dataDir, 'backups'), now)
  const { rows } = await backUp(sql, { now, save: (lines) => writeFile(file, lines, verifyBackup) })
  // One that lies beside the backups goes where they go, and serves the older ones too.
  const { erasuresFile } = house
  for (const list of new Set([erasuresFile, join(dirname(file), LIST_NAME)])) await listErasures(house, list)
  const removed = keep === undefined ? [] : await prune(file, { keep, now })
  return { file, bytes: (await stat(file)).size, madeAt: toIso(now), rows, erasuresFile, removed }
}

type RestoreInput = { from: string; erasures?: string | undefined }

export async function restoreBackup(house: House, { from, erasures: named }: RestoreInput) {
  const file = resolve(from)
  const lists = await findErasures(house, { backup: file, named })
  let erased = { again: 0, isListBehind: false, debtLeft: 0 }
  const restored = await restore(house.sql, file, {
    record: async (sql, { madeAt }) => {
      erased = await performWithin(sql, recordRestore, { file, madeAt, erasures: lists.erasures }, house)
    },
  })
  const last = lists.erasures.reduce((latest, { erasedAt }) => Math.max(latest, erasedAt), 0)
  const erasures = {
    files: lists.files,
    known: lists.erasures.length,
    last: last > 0 ? toIso(last) : null,
    again: erased.again,
    areAllKnown: lists.isPresent && !erased.isListBehind,
  }
  if (!erasures.areAllKnown) house.warn(unknownErasures(erasures, restored.madeAt))
  if (erased.debtLeft > 0)
    house.warn(`Those erased again owed ${erased.debtLeft} points that nobody will be asked for.`)
  const otherKey = await whyVouchersUnknown(house.sql, house.voucherKey)
  if (otherKey !== null) house.warn(`${otherKey} Until then tills say of each that there is no such voucher.`)
  await listErasures(house, house.erasuresFile)
  return { file, ...restored, erasures, violations: await runAudit(house.sql) }
}

function unknownErasures({ files, last }: { files: string[]; last: string | null }, madeAt: string): string {
  const what =
    files.length === 0 ? 'There was no list of erasures' : `${files.join(' and ')} may not be up to date`
  const since = last !== null && last > madeAt ? last : madeAt
  return (
    `${what}: WHO WAS ERASED AFTER ${moment(since)} UTC IS BACK with name and Telegram. Before anybody sells, restore ` +
    'again into an empty database with --erasures <the latest list>, or erase them with "customer erase".'
  )
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
    text: ({ file, bytes, rows, erasuresFile, removed }) =>
      [
        `The backup ${file} is whole: ${contents(rows)}; ${(bytes / 1e6).toFixed(1)} MB.`,
        'Whoever can read it can read the names of all customers: keep it as safe as the database.',
        `Who is erased from now on is still in it: to restore it, have ${erasuresFile} as it is by then.`,
        ...(removed.length > 0 ? [`Removed ${removed.length} older: ${removed.join(', ')}.`] : []),
      ].join('\n'),
  }),

  restore: command({
    usage: 'restore --from <file> [--erasures <file>]',
    input: z.strictObject({ from: z.string().min(1), erasures: z.string().min(1).optional() }),
    isSchemaLeft: true,
    run: (house, input) => told(restoreBackup(house, input)),
    text: ({ file, madeAt, rows, erasures, violations }) =>
      [
        `The database is as it was on ${moment(madeAt)} UTC: ${contents(rows)}, from ${file}.`,
        erasuresText(erasures),
        violations.length === 0
          ? 'The ledger is healthy.'
          : `But the ledger is NOT healthy: ${violations.length} violations, which the backed-up database had too. ` +
            'See "audit" before anybody sells.',
        'What happened after that moment is not in it: docs/backup.md says what to look after.',
      ].join('\n'),
    exitCode: ({ violations }) => (violations.length === 0 ? 0 : 1),
  }),
}

function erasuresText({ files, known, last, again }: Restored['erasures']): string {
  if (files.length === 0) return 'Nobody was erased again: there was no list of erasures.'
  const latest = last === null ? '' : `, the last of ${moment(last)} UTC`
  return `${again} customers were erased again, of ${known} erasures listed in ${files.join(' and ')}${latest}.`
}

function contents(rows: Record<string, number>): string {
  const { customers = 0, operations = 0, entries = 0 } = rows
  return `${customers} customers, ${operations} operations, ${entries} entries`
}

type Restored = Awaited<ReturnType<typeof restoreBackup>>

async function told<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (error instanceof BackupError) throw new ActError(error.code, error.message)
    if (error instanceof ErasuresError)
      throw new ActError('erasures_damaged', `${error.message} Nothing was restored.`)
    throw error
  }
}
