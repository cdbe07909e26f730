import { join } from 'node:path'
import { z } from 'zod'
import type { Instant } from '../../../shared/time.ts'
import { isHeld } from '../machine/files.ts'
import { type Clock, pause } from '../time/clock.ts'
import { ifThere, type OneCFiles } from './oneCFiles.ts'
import type { Amount } from './sale.ts'

/** A discount that went into a receipt: the truth that the ledger is compared with. */
export interface Taken {
  receipt: string | null
  purchaseKopecks: number
  points: number
  at: Instant
  /** Of the redemption; protocol 1 does not tell it. */
  id: string | null
  /** The discount was read, and gone when it was to be deleted: the register may have taken it back. */
  gapHit: boolean
}

export interface Receipt extends Amount {
  /** What lies in the claimed file is in it; a till's database still knows that after a crash. */
  hasClaimed: boolean
}

export type DiscountName = keyof typeof CLAIMS
export const CLAIMS = {
  'discount.txt': 'discount.taken.txt',
  'discount.json': 'discount.taken.json',
} as const
export const discountNames: readonly DiscountName[] = ['discount.txt', 'discount.json']

/** As patient as kopilka.bsl, and no more: what it cannot bear must be seen here too. */
export const HELD_ATTEMPTS = 30
export const HELD_PAUSE_MS = 20

const pointsSchema = z.int().positive()
const bareNumberSchema = z
  .string()
  .regex(/^[1-9]\d*$/)
  .transform(Number)
  .pipe(pointsSchema)
const offerSchema = z.strictObject({
  id: z.string().min(1),
  receipt: z.string().nullish(),
  points: pointsSchema,
})

interface Offer {
  points: number
  id: string | null
  receipt: string | null
}

/** What a discount file says, or null where it is not exactly of the agreed form. */
export function readOffer(name: DiscountName, text: string): Offer | null {
  if (name === 'discount.txt') {
    const points = bareNumberSchema.safeParse(text).data
    return points === undefined ? null : { points, id: null, receipt: null }
  }
  const offer = offerSchema.safeParse(parseJson(text)).data
  return offer ? { ...offer, receipt: offer.receipt ?? null } : null
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What a till does with its receipt and the files, a step a function; when it does which is not decided here. */
export interface Till {
  receipt(): Receipt | null
  taken(): readonly Taken[]
  read(name: string): Promise<string | null>
  open(amount: Amount): Promise<void>
  rewrite(purchaseKopecks: number): Promise<void>
  close(): Promise<void>
  /** False where there is nothing to take any more. */
  claim(name: DiscountName): Promise<boolean>
  /** With protocol 2 a discount goes only into the receipt it is for. */
  enterClaimed(name: DiscountName): Promise<void>
  finishClaimed(name: DiscountName, error: string): Promise<void>
  /** Says its last word about a discount of protocol 2 once more: a loss of power may have taken applied.json, or torn it. */
  repeatWord(): Promise<void>
  /** The program ends in the middle: what it only had in memory is gone. */
  crash(): void
  /** Something that was not finished lies there, and the next look of this program at the folder finishes it. */
  hasLeftover(): Promise<boolean>
  /** Protocol 1, for programs that do what our page warns of. False where nothing was taken. */
  readThenDelete(gapMs: number | null): Promise<boolean>
}

export interface TillSetting {
  folder: string
  files: OneCFiles
  clock: Clock
  signal: AbortSignal
  onTaken: (taken: Taken) => void
  onRefused: (id: string, error: string) => void
  onComplaint: (text: string) => void
  /** The database of this 1C: the files whose discount has gone into a receipt. One that a loss of power brings back goes into no other. */
  entered?: Set<string>
}

/** A 1C whose developer has read our page and written everything anew, for better (renaming) and worse (deleting). */
export function createTill({
  folder,
  files,
  clock,
  signal,
  onTaken,
  onRefused,
  entered = new Set(),
}: TillSetting): Till {
  const path = (name: string) => join(folder, name)
  const taken: Taken[] = []
  let receipt: Receipt | null = null
  let word: string | null = null

  function putIntoReceipt({ points, id }: Offer, into: Receipt, gapHit: boolean): void {
    const { receipt, purchaseKopecks } = into
    const entry = { receipt, purchaseKopecks, points, at: clock.now(), id, gapHit }
    taken.push(entry)
    onTaken(entry)
  }

  async function replace(name: string, text: string): Promise<void> {
    const temporary = path(`${name}.tmp`)
    // Without power for a moment the temporary file may be gone: then it is written anew.
    let isMoved = false
    while (!isMoved) {
      await untilFree(() => files.write(temporary, text))
      isMoved = await isThere(untilFree(() => files.move(temporary, path(name))))
    }
  }

  const untilFree = <Result>(work: () => Promise<Result>) => untilNotHeld(work, clock)

  const read = (name: string): Promise<string | null> => ifThere(untilFree(() => files.read(path(name))))

  /** False where it is gone already. */
  const remove = (name: string): Promise<boolean> => isThere(untilFree(() => files.remove(path(name))))

  async function claimedOffer(name: DiscountName): Promise<Offer | null> {
    const text = await read(CLAIMS[name])
    return text === null ? null : readOffer(name, text)
  }

  return {
    receipt: () => receipt,
    taken: (): readonly Taken[] => taken,
    read,

    async open(amount: Amount): Promise<void> {
      await replace('amount.json', amountText(amount))
      receipt = { ...amount, hasClaimed: false }
    },

    async rewrite(purchaseKopecks: number): Promise<void> {
      if (!receipt) throw new Error('no receipt is open')
      await replace('amount.json', amountText({ ...receipt, purchaseKopecks }))
      receipt.purchaseKopecks = purchaseKopecks
    },

    async close(): Promise<void> {
      receipt = null
      await remove('amount.json')
    },

    async claim(name: DiscountName): Promise<boolean> {
      const isClaimed = await isThere(untilFree(() => files.move(path(name), path(CLAIMS[name]))))
      // Not before there is another one: what a loss of power brings back has gone in already.
      if (isClaimed && receipt) receipt.hasClaimed = false
      return isClaimed
    },

    async enterClaimed(name: DiscountName): Promise<void> {
      const offer = await claimedOffer(name)
      if (!offer || !receipt || (offer.id !== null && offer.receipt !== receipt.receipt)) return
      if (!(await isFirst(path(CLAIMS[name]), { files, entered }))) return
      putIntoReceipt(offer, receipt, false)
      receipt.hasClaimed = true
    },

    async finishClaimed(name: DiscountName, error: string): Promise<void> {
      const id = (await claimedOffer(name))?.id
      const applied = receipt?.hasClaimed === true
      if (id) {
        word = JSON.stringify(applied ? { id, applied } : { id, applied, error })
        await replace('applied.json', word)
        if (!applied) onRefused(id, error)
      }
      await remove(CLAIMS[name])
    },

    async repeatWord(): Promise<void> {
      if (word !== null) await replace('applied.json', word)
    },

    /** This till keeps everything in its files. */
    crash() {},
    hasLeftover: async () => false,

    /**
     * What the renaming is there to avoid. Without a gap a failing deletion means that there was nothing to
     * take; with one this 1C, like real ones, goes by what it has read. False where nothing was taken.
     */
    async readThenDelete(gapMs: number | null): Promise<boolean> {
      const offer = await read('discount.txt').then((text) => text && readOffer('discount.txt', text))
      if (!offer || !receipt) return false
      if (gapMs !== null) await pause(clock, gapMs, signal)
      if (signal.aborted) return false
      const isGone = !(await remove('discount.txt'))
      if (isGone && gapMs === null) return false
      putIntoReceipt(offer, receipt, isGone)
      return true
    },
  }
}

/** Whether what lies there has not gone into a receipt before; from now on it has. */
export async function isFirst(
  path: string,
  { files, entered }: Pick<Required<TillSetting>, 'files' | 'entered'>,
): Promise<boolean> {
  const identity = await files.identity(path)
  if (identity === null) return true
  const isNew = !entered.has(identity)
  entered.add(identity)
  return isNew
}

/** False where the file is gone. */
async function isThere(work: Promise<void>): Promise<boolean> {
  return (await ifThere(work.then(() => true))) ?? false
}

/**
 * The register or an antivirus may hold a file for a moment, which Windows answers with an error. A 1C that is being closed
 * is as patient as any: what it has begun it brings to its end.
 */
export async function untilNotHeld<Result>(work: () => Promise<Result>, clock: Clock): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      if (!isHeld(error) || attempt === HELD_ATTEMPTS) throw error
      await pause(clock, HELD_PAUSE_MS)
    }
  }
}

/** Written digit by digit: money never becomes a float. */
function amountText({ purchaseKopecks, receipt, protocol, items }: Amount): string {
  const rubles = `${Math.trunc(purchaseKopecks / 100)}.${String(purchaseKopecks % 100).padStart(2, '0')}`
  const receiptField = receipt === null ? '' : `, "receipt": ${JSON.stringify(receipt)}`
  const protocolField = protocol === 1 ? '' : `, "protocol": ${protocol}`
  const itemsField = items ? `, "items": ${JSON.stringify(items)}` : ''
  return `{"amount": ${rubles}${receiptField}${protocolField}${itemsField}}`
}
