import { basename } from 'node:path'
import type { Files } from '../machine/files.ts'

const OFFERS = ['discount.txt', 'discount.json']

/** The same files; before a discount gets the name 1C looks for, its points must be held: `faults` hears where they are not. */
export function checkingOffers(
  files: Files,
  isHeld: (redeemId: string) => Promise<boolean>,
  faults: string[],
): Files {
  async function mayAppear(redeemId: string): Promise<void> {
    if (!(await isHeld(redeemId))) faults.push(`1C sees the discount of ${redeemId}, whose points are free`)
  }

  return {
    ...files,
    async writeDurably(path, bytes, mode) {
      if (OFFERS.includes(basename(path)))
        throw new Error(`${path} is written where 1C could read half of it`)
      await files.writeDurably(path, bytes, mode)
    },
    async rename(from, to) {
      if (OFFERS.includes(basename(to))) await mayAppear(/[0-9a-f-]{36}/.exec(basename(from))?.[0] ?? from)
      await files.rename(from, to)
    },
  }
}
