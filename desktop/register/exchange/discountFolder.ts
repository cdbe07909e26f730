import { join } from 'node:path'
import { codeOf, type Files, isHeld } from '../machine/files.ts'
import type { Log } from '../machine/log.ts'
import { type Clock, pause } from '../time/clock.ts'

/** A discount that this register gives or gave to 1C. */
export interface Discount {
  /** Of its redemption. */
  id: string
  rubles: number
  receipt: string | null
  protocol: 1 | 2
}

export type DiscountFolder = ReturnType<typeof openDiscountFolder>

const NAMES = { 1: 'discount.txt', 2: 'discount.json' } as const
const ORPHAN = 'discount.orphan.tmp'
const OWN_NAME = /^discount\.([0-9a-f-]{36})\.tmp$/
const RETRY_MS = 20
const SLOW_RETRY_MS = 250

/**
 * Where a discount lies tells whose it is:
 *
 * | under our name | under the name 1C looks for |                                          |
 * | yes            |                             | ours: never published, or taken back     |
 * | no             | yes                         | on offer                                 |
 * | no             | no                          | 1C has taken it, if we have published it |
 *
 * Only a rename moves it, so it is never in two places and never half written. The answer of a rename may
 * be lost on a network share; the folder is asked then, and a folder that does not answer decides nothing.
 *
 * On Windows a program that opened the discount under 1C's name to delete or rename it does so by its handle, though we
 * have renamed it meanwhile. So what lies under our name is ours when we could open it alone: then nobody else has it
 * open, and nobody can find it any more.
 */
export function openDiscountFolder({
  folder,
  files,
  clock,
  log,
}: {
  folder: string
  files: Files
  clock: Clock
  log: Log
}) {
  const ownPath = ({ id }: Discount) => join(folder, `discount.${id}.tmp`)
  const offerPath = ({ protocol }: Discount) => join(folder, NAMES[protocol])
  /** Removals wait for one another: one on a slow share must not catch the discount that is published after it. */
  let clearing: Promise<unknown> = Promise.resolve()
  /** Copies of ours that are not needed any more, but could not be deleted yet. */
  const unforgotten = new Set<string>()

  async function standing(discount: Discount): Promise<'ours' | 'offered' | 'gone' | 'unknown'> {
    try {
      const names = new Set((await files.list(folder)).map((name) => name.toLowerCase()))
      if (names.has(`discount.${discount.id}.tmp`)) return 'ours'
      return names.has(NAMES[discount.protocol]) ? 'offered' : 'gone'
    } catch (error) {
      log.debug({ code: codeOf(error) }, 'the exchange folder does not answer')
      return 'unknown'
    }
  }

  /** Whatever the rename says, what the folder says afterwards counts. */
  async function move(from: string, to: string): Promise<'moved' | 'held' | 'look'> {
    try {
      await files.rename(from, to)
      return 'moved'
    } catch (error) {
      return isHeld(error) ? 'held' : 'look'
    }
  }

  /** Null: not decided yet. */
  async function ownerOf(discount: Discount): Promise<'taken' | 'withdrawn' | null> {
    if ((await standing(discount)) !== 'ours') {
      const moved = await move(offerPath(discount), ownPath(discount))
      if (moved === 'held') return null
      if (moved === 'look') {
        const now = await standing(discount)
        if (now !== 'ours') return now === 'gone' ? 'taken' : null
      }
    }
    try {
      await files.openAlone(ownPath(discount))
      return 'withdrawn'
    } catch (error) {
      return codeOf(error) === 'ENOENT' && (await standing(discount)) === 'gone' ? 'taken' : null
    }
  }

  async function forgetPath(path: string): Promise<void> {
    try {
      await files.remove(path)
      unforgotten.delete(path)
    } catch (error) {
      unforgotten.add(path)
      log.debug({ path, code: codeOf(error) }, 'a decided discount will be removed later')
    }
  }

  async function removeOrphan(atLeastMs: number): Promise<string | null> {
    for (const path of unforgotten) await forgetPath(path)
    for (const name of Object.values(NAMES)) {
      const path = join(folder, name)
      try {
        const { modifiedNs } = await files.stat(path)
        // An age of 0 accepts files of the future too: the clock may have been set back, and a share has its own clock.
        if (atLeastMs > 0 && clock.now() - Number(modifiedNs / 1_000_000n) < atLeastMs) continue
        await files.rename(path, join(folder, ORPHAN))
        await files.remove(join(folder, ORPHAN))
        return name
      } catch (error) {
        if (codeOf(error) !== 'ENOENT')
          log.warn({ name, code: codeOf(error) }, 'a discount that belongs to no sale could not be removed')
      }
    }
    return null
  }

  return {
    /** Puts the discount on the disk under a name of ours. */
    async prepare(discount: Discount): Promise<void> {
      await files.writeDurably(ownPath(discount), new TextEncoder().encode(textOf(discount)))
    },

    /** Gives it the name that 1C looks for; false when that could not be done in the given time. */
    async publish(discount: Discount, { withinMs, signal }: { withinMs: number; signal: AbortSignal }) {
      const start = clock.elapsed()
      while (!signal.aborted && clock.elapsed() - start < withinMs) {
        const moved = await move(ownPath(discount), offerPath(discount))
        if (moved === 'moved') return true
        if (moved === 'look') {
          const now = await standing(discount)
          if (now === 'offered' || now === 'gone') return true
        }
        await pause(clock, RETRY_MS, signal)
      }
      return false
    },

    /** Whether it lies here, under either name. */
    async has(discount: Discount): Promise<boolean> {
      return ['ours', 'offered'].includes(await standing(discount))
    },

    /** A quick look, to be confirmed by `takeBack`. */
    async looksTaken(discount: Discount): Promise<boolean> {
      try {
        await files.stat(offerPath(discount))
        return false
      } catch (error) {
        return codeOf(error) === 'ENOENT'
      }
    },

    /**
     * Decides between 1C and us. Goes on until the folder gives a clear answer; `onBusy` is called once when that takes long.
     */
    async takeBack(
      discount: Discount,
      { signal, onBusy, busyAfterMs }: { signal: AbortSignal; onBusy: () => void; busyAfterMs: number },
    ): Promise<'taken' | 'withdrawn' | 'stopped'> {
      const start = clock.elapsed()
      let isBusy = false
      while (!signal.aborted) {
        const owner = await ownerOf(discount)
        if (owner !== null) return owner
        if (!isBusy && clock.elapsed() - start >= busyAfterMs) {
          isBusy = true
          log.warn(
            { redemption: discount.id },
            'the discount cannot be taken back: 1C or an antivirus has it open, or the folder is away',
          )
          onBusy()
        }
        await pause(clock, isBusy ? SLOW_RETRY_MS : RETRY_MS, signal)
      }
      return 'stopped'
    },

    /** Removes our copy of a discount whose fate is in the journal. */
    forget: (discount: Discount): Promise<void> => forgetPath(ownPath(discount)),

    /** Takes away a discount that no redemption of ours is waiting for; resolves with its name. */
    clearOrphan({ atLeastMs }: { atLeastMs: number } = { atLeastMs: 0 }): Promise<string | null> {
      const mine = clearing.then(() => removeOrphan(atLeastMs))
      clearing = mine
      return mine
    },

    /** Resolves when no removal is under way. */
    cleared: async (): Promise<void> => void (await clearing),

    /** At the start: copies of ours whose redemption is decided. */
    async tidy(isDecided: (id: string) => boolean): Promise<void> {
      const names = await files.list(folder).catch(() => [])
      for (const name of names) {
        const id = OWN_NAME.exec(name.toLowerCase())?.[1]
        if (name === ORPHAN || (id !== undefined && isDecided(id))) {
          await files.remove(join(folder, name)).catch((error) => {
            log.warn({ name, code: codeOf(error) }, 'an old file of ours could not be removed')
          })
        }
      }
    },
  }
}

/** The first protocol is a bare number: no decimals, no byte order mark, no end of line. */
function textOf({ protocol, rubles, id, receipt }: Discount): string {
  return protocol === 1 ? String(rubles) : JSON.stringify({ id, receipt, points: rubles })
}
