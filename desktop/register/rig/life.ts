import type Database from 'better-sqlite3'
import { openDatabase } from '../machine/database.ts'
import type { Files } from '../machine/files.ts'
import type { RegisterOptions } from '../register.ts'

type Given = Pick<RegisterOptions, 'files' | 'clock' | 'fetch' | 'openDatabase'>

export type Life = ReturnType<typeof createLife>

/**
 * One life of a register, up to its death. Nothing that the dead one waits for ever comes, be it a file, an answer or
 * a moment: it goes on where it was and no further, and what it leaves is what a crash leaves.
 */
export function createLife({ files, clock, fetch, openDatabase: open = openDatabase }: Given) {
  const { promise: ended, reject } = Promise.withResolvers<never>()
  ended.catch(() => {}) // heard by those who race it
  const underWay = new Set<Promise<unknown>>()
  const databases = new Set<Database.Database>()
  /** Of timers and watches. */
  const endings = new Set<() => void>()
  let isOver = false

  /** The answer comes only to the living; `isHere` hears when there is one. */
  function guard<T>(work: Promise<T>, isHere = () => {}): Promise<T> {
    return new Promise((resolve, fail) => {
      const toLiving =
        <Answer>(tell: (answer: Answer) => void) =>
        (answer: Answer) => {
          isHere()
          if (!isOver) tell(answer)
        }
      work.then(toLiving(resolve), toLiving(fail))
    })
  }

  const live = <A extends unknown[], T>(work: (...args: A) => Promise<T>) => {
    return (...args: A) => (isOver ? never<T>() : guard(work(...args)))
  }

  /** What the system was told to do it does, though the register that asked is gone. */
  const tracked = <A extends unknown[], T>(work: (...args: A) => Promise<T>) => {
    return (...args: A) => {
      if (isOver) return never<T>()
      const working = work(...args)
      underWay.add(working)
      return guard(working, () => underWay.delete(working))
    }
  }

  /** Also where the register does not end it itself. */
  function endable(end: () => void): () => void {
    const endOnce = () => {
      if (endings.delete(endOnce)) end()
    }
    endings.add(endOnce)
    return endOnce
  }

  const options = {
    files: {
      stat: tracked(files.stat),
      read: tracked(files.read),
      list: tracked(files.list),
      writeDurably: tracked(files.writeDurably),
      rename: tracked(files.rename),
      openAlone: tracked(files.openAlone),
      remove: tracked(files.remove),
      makeFolder: tracked(files.makeFolder),
      watch: (folder, onHint) => (isOver ? () => {} : endable(files.watch(folder, onHint))),
    } satisfies Files,
    clock: {
      ...clock,
      after(ms, call) {
        if (isOver) return () => {}
        const cancel = endable(
          clock.after(ms, () => {
            endings.delete(cancel)
            call()
          }),
        )
        return cancel
      },
    } satisfies Given['clock'],
    fetch: live(fetch),
    openDatabase(path, given) {
      const database = open(path, given)
      databases.add(database)
      return database
    },
  } satisfies Given

  return {
    /** What a register of this life is given. */
    options,
    guard,
    isOver: () => isOver,
    /** Rejects with what ended it. */
    ended,
    end(error: Error): void {
      isOver = true
      for (const end of endings) end()
      for (const database of databases) database.close()
      reject(error)
    },
    /** Nothing of its files is under way any more: another life may begin. */
    async settled(): Promise<void> {
      while (underWay.size > 0) await Promise.allSettled(underWay)
    },
  }
}

const never = <T>() => new Promise<T>(() => {})
