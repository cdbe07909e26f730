import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { registerReplySchema } from '../../../shared/api.ts'
import { preferencesSchema } from '../../../shared/bridge.ts'
import { displayWishSchema } from '../../../shared/display.ts'
import { bookOfBase } from '../../../shared/programme.ts'
import { reading } from '../../../shared/reading.ts'
import { type Book, readBook } from '../../../shared/rules/book.ts'
import { makeDataFolder } from '../machine/dataFolder.ts'
import { codeOf, type Files, replaceFile } from '../machine/files.ts'
import type { Log } from '../machine/log.ts'
import { createTurns } from '../time/turns.ts'

const settingsSchema = z.object({
  cloudUrl: z
    .url({ protocol: /^https?$/ })
    .nullable()
    .default(null),
  /** `--insecure` was said once: a cloud on another machine may be spoken to without encryption. */
  allowsHttp: z.boolean().catch(false).default(false),
  exchangeFolder: z.string().min(1).default('C:\\loyalty'),
  /** The redemptions that are not decided, each with the former folder in which its discount was left. */
  leftIn: z.record(z.string(), z.string()).catch({}).default({}),
  /** The latest answer of the cloud about this register: a start without a network uses it. */
  known: reading(registerReplySchema.omit({ serverTime: true, toSettle: true }))
    .nullable()
    .catch(null)
    .default(null),
  preferences: preferencesSchema.catch(preferencesSchema.parse({})).default(preferencesSchema.parse({})),
  /** Where the customer's display is shown. */
  display: displayWishSchema.catch('off').default('off'),
  /** The PIN of the IT person, as salt and scrypt in hex. */
  pin: z.object({ salt: z.string(), hash: z.string() }).nullable().default(null),
})
export type Settings = z.infer<typeof settingsSchema>

const { timeZone: ofThisMachine } = Intl.DateTimeFormat().resolvedOptions()

/** The time zone of the shops; that of this machine where the cloud has not told it. */
export const timeZoneOf = (known: Settings['known']) => known?.timeZone ?? ofThisMachine

const readBooks = new WeakMap<NonNullable<Settings['known']>, Book[]>()

/**
 * The books that this register was told; a cloud of before rule books tells its settings only. Each change of the screen
 * asks for them, so they are read once.
 */
export function booksOf(known: Settings['known']): Book[] {
  const timeZone = timeZoneOf(known)
  if (!known?.books?.length) return [bookOfBase(known?.programme ?? {}, { timeZone })]
  const read = readBooks.get(known)
  if (read) return read
  const books = known.books.map(({ version, validFrom, document }) =>
    readBook(document, { version, validFrom: Date.parse(validFrom), timeZone }),
  )
  readBooks.set(known, books)
  return books
}

export type SettingsFile = ReturnType<typeof openSettings>

/** The settings of this register, in a file of its data folder; a damaged file counts as none. */
export function openSettings({ dataFolder, files, log }: { dataFolder: string; files: Files; log: Log }) {
  makeDataFolder(dataFolder)
  const path = join(dataFolder, 'settings.json')
  const kept = loadSettings(path, log)
  let current = kept ?? settingsSchema.parse({})
  // An enrolment and what the cloud says may come at the same moment.
  const turns = createTurns()
  const save = (next: Settings) => replaceFile(files, path, JSON.stringify(next, null, 2))

  return {
    isWriting: turns.isBusy,
    /** Resolves when all changes up to now are on the disk, or could not be written. */
    written: turns.done,
    current: (): Settings => current,
    /** Whether there was a file at the start: then its values were chosen once, and are no mere defaults. */
    wereKept: kept !== null,
    /** Changes settings once they are on the disk; where they cannot be written, nothing changes. */
    change: (change: Partial<Settings>): Promise<void> =>
      turns.take(async () => {
        await save({ ...current, ...change })
        current = { ...current, ...change }
      }),
    /** Changes settings at once, for facts that are true whether or not they can be written. */
    hold(change: Partial<Settings>): Promise<void> {
      current = { ...current, ...change }
      return turns.take(() => save(current))
    },
  }
}

function loadSettings(path: string, log: Log): Settings | null {
  try {
    return settingsSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (error) {
    if (codeOf(error) !== 'ENOENT')
      log.error({ err: error, path }, 'the settings cannot be read: enrol the register again')
    return null
  }
}
