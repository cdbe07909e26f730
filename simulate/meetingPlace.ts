import { watch } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { type OneCFiles, systemOneCFiles } from '../desktop/register/exchange/oneCFiles.ts'
import type { VirtualDisk } from '../desktop/register/rig/disk.ts'
import { type Clock, systemClock } from '../desktop/register/time/clock.ts'

/** The folder where 1C and the register of a shop meet, as 1C and its observer use it. */
export interface MeetingPlace {
  folder: string
  files: OneCFiles
  /** How often 1C looks into the folder. */
  pollMs: number
  names: () => Promise<string[]>
  /** The database of 1C commits, and the disk under it keeps all that was done there before. */
  committed: () => void
  /** Calls with the name of each file that appears, until the function it returns is called. */
  onAppearance: (tell: (name: string) => void) => () => void
}

/** A folder on the disk of this machine. */
export function systemPlace(folder: string, files: OneCFiles = systemOneCFiles): MeetingPlace {
  return {
    ...{ folder, files, pollMs: 10 },
    names: () => readdir(folder),
    committed() {},
    onAppearance(tell) {
      const watcher = watch(folder, (_, name) => name !== null && tell(name))
      return () => watcher.close()
    },
  }
}

/** A folder on the disk of the rig. */
export function virtualPlace(folder: string, disk: VirtualDisk): MeetingPlace {
  return {
    ...{ folder, files: disk.oneC, pollMs: 200 },
    names: async () => disk.namesIn(folder),
    committed: disk.syncNames,
    onAppearance: (tell) =>
      disk.onAppearance((path) => path.startsWith(folder) && tell(path.slice(folder.length + 1))),
  }
}

/** Discounts that lie where 1C would find them. */
export async function discountsIn(place: MeetingPlace): Promise<string[]> {
  const names = await place.names()
  return names.filter((name) => name === 'discount.txt' || name === 'discount.json')
}

/** Resolves when the discount is there, under the register's own name or 1C's, or when that takes too long. */
export function firstDiscount(
  place: MeetingPlace,
  { aim, withinMs, clock = systemClock }: { aim: 'temporary' | 'offer'; withinMs: number; clock?: Clock },
): Promise<void> {
  const wanted = aim === 'offer' ? /^discount\.(txt|json)$/ : /^discount\..*\.tmp$/
  return new Promise((resolve) => {
    const end = () => {
      cancel()
      stop()
      resolve()
    }
    const cancel = clock.after(withinMs, end)
    const stop = place.onAppearance((name) => wanted.test(name) && end())
  })
}
