import { basename, join } from 'node:path'
import { z } from 'zod'
import { openKopilka } from './bsl/kopilka.ts'
import { ifThere, type OneCFiles } from './oneCFiles.ts'
import type { Amount } from './sale.ts'
import {
  CLAIMS,
  isFirst,
  type Receipt,
  type Taken,
  type Till,
  type TillSetting,
  untilNotHeld,
} from './simulatorTill.ts'

const answerSchema = z.object({ id: z.string(), applied: z.boolean(), error: z.string().optional() })

/** What a call of the module could not finish, and the next one does. */
const LEFTOVERS = [
  ...['amount.json', 'applied.json'].map((name) => `${name}.1c.tmp`),
  ...['discount.claim.txt', 'discount.claim.json'],
  ...['amount.json', 'discount.taken.txt', 'discount.taken.json'].map((name) => `${name}.1c.del`),
]

/** What this 1C has taken and has not put into its receipt yet. */
interface InHand {
  id: string | null
  points: number
}

/** A till whose developer has pasted kopilka.bsl and calls it as our page says. */
export function createModuleTill({
  folder,
  files,
  clock,
  signal,
  onTaken,
  onRefused,
  onComplaint,
  entered = new Set(),
  ...version
}: ModuleTillSetting): Till {
  const kopilka = openKopilka({
    ...{ folder, files: heard(files), clock },
    ...version,
    onLog: ({ isError, text }) => isError && onComplaint(text),
  })
  const leftovers = LEFTOVERS.map((name) => join(folder, name))
  const taken: Taken[] = []
  let receipt: Receipt | null = null
  let inHand: InHand | null = null
  let word: { id: string; applied: boolean; error: string } | null = null

  /** The module refuses a discount of another receipt by itself: what it writes is what it says, and is said once more. */
  function heard(disk: OneCFiles): OneCFiles {
    return {
      ...disk,
      async write(path, text) {
        await disk.write(path, text)
        if (!basename(path).startsWith('applied.json')) return
        const { id, applied, error = '' } = answerSchema.parse(JSON.parse(text))
        if (applied) return
        word = { id, applied, error }
        onRefused(id, error)
      },
    }
  }

  const tell = ({ purchaseKopecks, receipt, protocol, items }: Amount) =>
    kopilka.writeAmount({ kopecks: purchaseKopecks, receipt: receipt ?? '', protocol, items })

  async function say({ id, applied, error }: { id: string; applied: boolean; error: string }): Promise<void> {
    let isSaid = false
    while (!isSaid && !signal.aborted) isSaid = await kopilka.confirm(id, applied, error)
  }

  return {
    receipt: () => receipt,
    taken: () => taken,
    /** Of the one who looks on, not of the module. */
    read: (name) => ifThere(untilNotHeld(() => files.read(join(folder, name)), clock)),

    /** A receipt ends before the next one begins, also the one that an earlier run of this program had. */
    async open(amount) {
      if (receipt !== null || (await kopilka.unfinished())?.id === '') await kopilka.clear()
      await tell(amount)
      receipt = { ...amount, hasClaimed: false }
      inHand = null
    },

    async rewrite(purchaseKopecks) {
      if (!receipt) throw new Error('no receipt is open')
      await tell({ ...receipt, purchaseKopecks })
      receipt.purchaseKopecks = purchaseKopecks
    },

    async close() {
      receipt = null
      inHand = null
      await kopilka.clear()
    },

    async claim(name) {
      const number = receipt?.receipt ?? ''
      if (name === 'discount.json') inHand = await kopilka.takeWithId(number)
      else {
        const points = await kopilka.takeDiscount(number)
        inHand = points > 0 ? { id: null, points } : null
      }
      return inHand !== null
    },

    /** The journal of 1C says which receipt has it already. */
    async enterClaimed(name) {
      const offer = inHand ?? (await kopilka.unfinished())
      if (!offer || !receipt || receipt.hasClaimed) return
      if (!(await isFirst(join(folder, CLAIMS[name]), { files, entered }))) return
      const entry = {
        ...{ receipt: receipt.receipt, purchaseKopecks: receipt.purchaseKopecks, points: offer.points },
        ...{ at: clock.now(), id: offer.id || null, gapHit: false },
      }
      taken.push(entry)
      onTaken(entry)
      receipt.hasClaimed = true
    },

    /** With protocol 1 what is taken stays until the receipt ends: one discount a receipt. */
    async finishClaimed(name, error) {
      if (name === 'discount.txt') return
      const id = (inHand ?? (await kopilka.unfinished()))?.id
      inHand = null
      if (!id) return
      const applied = receipt?.hasClaimed === true
      // What was answered and lies there again, because the power went, has the answer it had.
      if (word?.id !== id) word = { id, applied, error: applied ? '' : error }
      await say(word)
      if (receipt) receipt.hasClaimed = false
    },

    /**
     * The module knows only what lies in its files, the receipt in the database of 1C knows the rest. What is taken and
     * not answered has its own word coming, and to say another one now would remove it.
     */
    async repeatWord() {
      const lying = await kopilka.unfinished()
      if (word && (!lying?.id || lying.id === word.id)) await say(word)
    },

    crash() {
      inHand = null
    },

    async readThenDelete() {
      throw new Error('kopilka.bsl never deletes a discount that it has not taken')
    },

    hasLeftover: async () =>
      (await Promise.all(leftovers.map((path) => files.exists(path)))).some((isThere) => isThere),
  }
}

export type ModuleTillSetting = TillSetting &
  Partial<Pick<Parameters<typeof openKopilka>[0], 'place' | 'replaces'>>
