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
  /** Redemptions whose fate is not known, and the folder of before in which the discount of each was left. */
  leftIn: z.record(z.string(), z.string()).catch({}).default({}),
  /** What the cloud said of this register last: a start without a network shows it. */
  known: reading(registerReplySchema.omit({ serverTime: true, toSettle: true }))
    .nullable()
    .catch(null)
    .default(null),
  preferences: preferencesSchema.catch(preferencesSchema.parse({})).default(preferencesSchema.parse({})),
  /** Where the customer sees their side of the till. */
  display: displayWishSchema.catch('off').default('off'),
  /** Of the IT person's PIN: salt and scrypt, in hex. */
  pin: z.object({ salt: z.string(), hash: z.string() }).nullable().default(null),
})
export type Settings = z.infer<typeof settingsSchema>

const { timeZone: ofThisMachine } = Intl.DateTimeFormat().resolvedOptions()

/** Of the shops; where the cloud has not said so, this machine's. */
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

/** What this register was told, in a file of its data folder; a damaged file counts as none. */
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
    /** Resolves when what was changed up to now is on the disk, or could not be written. */
    written: turns.done,
    current: (): Settings => current,
    /** At the start there were some: what they say was said once, and is not what is meant where nothing is. */
    wereKept: kept !== null,
    /** Holds once it is kept; where it cannot be, nothing has changed. */
    change: (change: Partial<Settings>): Promise<void> =>
      turns.take(async () => {
        await save({ ...current, ...change })
        current = { ...current, ...change }
      }),
    /** Holds at once, for what is true whether or not it can be kept. */
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
