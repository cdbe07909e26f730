import type { Database } from 'better-sqlite3'
import type { FoundCustomer, Standing } from '../../../shared/api.ts'
import type { NewWord, Reading } from '../../../shared/reading.ts'
import type { Instant } from '../../../shared/time.ts'
import { isDamaged } from '../machine/database.ts'
import type { ChangesReply } from './client.ts'
import { type FileOptions, openCustomerFile, replaceCustomerFile } from './customerFile.ts'

export interface CopiedCustomer {
  card: string
  firstName: string | null
  available: number
  status: 'active' | 'frozen' | NewWord
  standing: Standing | null
  /** Null: not known. */
  segments: string[] | null
  /** When this was so, by the clock of the cloud. */
  asOf: Instant
}

type CopiedRow = Omit<CopiedCustomer, 'standing' | 'segments'> &
  Record<'standing' | 'segments', string | null>

const written = (told: Standing | string[] | undefined) => (told ? JSON.stringify(told) : null)
const parsed = (text: string | null) => (text === null ? null : JSON.parse(text))
const read = (row: CopiedRow | undefined): CopiedCustomer | null =>
  row ? { ...row, standing: parsed(row.standing), segments: parsed(row.segments) } : null

/** The copy never throws: a customer that cannot be read is unknown, and one that cannot be written is not remembered. */
export interface CustomerCopy {
  find(card: string): CopiedCustomer | null
  /** Writes a page of the feed and the place where the next one begins; false where that failed. */
  apply(page: ChangesReply): boolean
  /** Where the feed was left; null where it must begin. */
  cursor(): string | null
  /** Writes a customer as the cloud has just described them. */
  remember(customer: Reading<FoundCustomer>, asOf: Instant): void
  /** Forgets every customer, in the file too; the feed begins anew. */
  wipe(): void
  close(): void
}

/** The customers of the store, to know them without a network. An older state never replaces a newer one. */
export function openCustomerCopy(
  options: FileOptions & {
    /** Hears of every failure; the log has the first of a row. */
    onFailure?: ((error: unknown) => void) | undefined
  },
): CustomerCopy {
  const { log, path, onFailure = () => {} } = options
  let file = prepare(openCustomerFile(options))
  let isFailing = false

  function prepare(database: Database) {
    const save = database.prepare(`
      insert into customers (card, first_name, available, status, standing, segments, as_of)
      values (@card, @firstName, @available, @status, @standing, @segments, @asOf)
      on conflict (card) do update set
        first_name = excluded.first_name, available = excluded.available, status = excluded.status,
        standing = excluded.standing, segments = excluded.segments, as_of = excluded.as_of
      where excluded.as_of >= customers.as_of`)
    const forgetAll = () => database.exec('delete from customers; delete from merged')
    const point = database.prepare(`
      insert into merged (card, into_card) values (?, ?) on conflict (card) do update set into_card = excluded.into_card`)
    const unpoint = database.prepare('delete from merged where card = ?')
    const erase = database.prepare('delete from customers where card = ?')
    const moveCursor = database.prepare('update feed set cursor = ?')
    return {
      find: database.prepare<{ card: string }, CopiedRow>(`
        select card, first_name as firstName, available, status, standing, segments, as_of as asOf from customers
        where card = coalesce((select into_card from merged where merged.card = @card), @card)`),
      cursor: database.prepare<[], string | null>('select cursor from feed').pluck(),
      save,
      apply: database.transaction(({ customers, asOf, cursor, begins }: ChangesReply) => {
        if (begins) forgetAll()
        for (const { status, standing, segments, mergedInto, ...customer } of customers) {
          if (mergedInto === undefined) unpoint.run(customer.card)
          else point.run(customer.card, mergedInto)
          if (status === 'erased') erase.run(customer.card)
          else
            save.run({
              ...{ ...customer, status, standing: written(standing), segments: written(segments) },
              asOf: Date.parse(asOf),
            })
        }
        moveCursor.run(cursor)
      }),
      wipe: database.transaction(() => {
        forgetAll()
        moveCursor.run(null)
      }),
      isEmpty: database.prepare<[], number>('select not exists (select 1 from customers)').pluck(),
      /** What was overwritten is in the log of changes too, until that is emptied. */
      emptyLog: () => database.pragma('wal_checkpoint(truncate)'),
      close: () => database.close(),
    }
  }

  function use<T>(work: (opened: typeof file) => T, ofNothing: T): T {
    try {
      return work(file)
    } catch (error) {
      meet(error)
      return ofNothing
    }
  }

  /** A file that turns out to be damaged begins anew, empty and without a cursor: then nothing was taken. */
  function meet(error: unknown): void {
    if (isDamaged(error)) {
      log.error({ err: error, path }, 'the copy of the customers is damaged')
      file.close()
      file = prepare(replaceCustomerFile(options))
      return
    }
    if (!isFailing) log.error({ err: error, path }, 'the copy of the customers could not be read or written')
    isFailing = true
    onFailure(error)
  }

  function write(work: (opened: typeof file) => void): boolean {
    const isWritten = use((opened) => {
      work(opened)
      return true
    }, false)
    if (isWritten && isFailing) {
      isFailing = false
      log.info({ path }, 'the copy of the customers is kept up again')
    }
    return isWritten
  }

  return {
    find: (card) => use(({ find }) => read(find.get({ card })), null),
    apply: (page) =>
      write(({ apply, emptyLog }) => {
        apply(page)
        if (page.customers.some(({ status }) => status === 'erased')) emptyLog()
      }),
    cursor: () => use(({ cursor }) => cursor.get() ?? null, null),
    remember({ card, firstName, available, status: told, counts }, asOf) {
      write(({ find, save }) => {
        // The outcome of an operation tells name and balance, and nothing else of them.
        const known = find.get({ card })
        const status = told ?? known?.status ?? 'active'
        const { standing = null, segments = null } = counts
          ? { standing: written(counts.standing), segments: written(counts.segments) }
          : (known ?? {})
        save.run({ card, firstName, available, status, standing, segments, asOf: Math.floor(asOf) })
      })
    },
    wipe() {
      write(({ wipe, isEmpty, emptyLog }) => {
        if (isEmpty.get()) return
        wipe()
        emptyLog()
      })
    },
    close: () => file.close(),
  }
}
