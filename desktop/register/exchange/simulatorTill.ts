import { readFile, rename, rm, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Instant } from '../../../shared/time.ts'
import { codeOf, isHeld } from '../machine/files.ts'
import { type Clock, pause } from '../time/clock.ts'
import type { Amount } from './sale.ts'

/** A discount that went into a receipt: the truth that the ledger is compared with. */
export interface Taken {
  receipt: string | null
  purchaseKopecks: number
  points: number
  at: Instant
  /** Of the redemption; protocol 1 does not tell it. */
  id: string | null
  /** It was read, and gone when it was to be deleted: the register may have taken it back. */
  gapHit: boolean
}

export interface Receipt extends Amount {
  /** What lies in the claimed file is in it; a till's database still knows that after a crash. */
  hasClaimed: boolean
}

export type DiscountName = keyof typeof CLAIMS
const CLAIMS = { 'discount.txt': 'discount.taken.txt', 'discount.json': 'discount.taken.json' } as const
export const discountNames: readonly DiscountName[] = ['discount.txt', 'discount.json']

const HELD_ATTEMPTS = 50
const HELD_PAUSE_MS = 20

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

export interface TillSetting {
  folder: string
  clock: Clock
  signal: AbortSignal
  onTaken: (taken: Taken) => void
  onRefused: (id: string, error: string) => void
}

/** What a till does with its receipt and the files, a step a function; when it does which is not decided here. */
export function createTill({ folder, clock, signal, onTaken, onRefused }: TillSetting) {
  const path = (name: string) => join(folder, name)
  const taken: Taken[] = []
  let receipt: Receipt | null = null

  function putIntoReceipt({ points, id }: Offer, into: Receipt, gapHit: boolean): void {
    const { receipt, purchaseKopecks } = into
    const entry = { receipt, purchaseKopecks, points, at: clock.now(), id, gapHit }
    taken.push(entry)
    onTaken(entry)
  }

  async function replace(name: string, text: string): Promise<void> {
    const temporary = path(`${name}.tmp`)
    await untilFree(() => writeFile(temporary, text))
    await untilFree(() => rename(temporary, path(name)))
  }

  /** The register or an antivirus may hold a file for a moment, which Windows answers with an error. */
  async function untilFree<Result>(work: () => Promise<Result>): Promise<Result> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work()
      } catch (error) {
        if (!isHeld(error) || attempt === HELD_ATTEMPTS || signal.aborted) throw error
        await pause(clock, HELD_PAUSE_MS, signal)
      }
    }
  }

  const read = (name: string): Promise<string | null> =>
    ifThere(untilFree(() => readFile(path(name), 'utf8')))

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
      await untilFree(() => rm(path('amount.json'), { force: true }))
    },

    /** False where there is nothing to take any more. */
    async claim(name: DiscountName): Promise<boolean> {
      const claimed = await ifThere(untilFree(() => rename(path(name), path(CLAIMS[name]))))
      return claimed !== null
    },

    /** With protocol 2 a discount goes only into the receipt it is for. */
    async enterClaimed(name: DiscountName): Promise<void> {
      const offer = await claimedOffer(name)
      if (!offer || !receipt || (offer.id !== null && offer.receipt !== receipt.receipt)) return
      putIntoReceipt(offer, receipt, false)
      receipt.hasClaimed = true
    },

    async finishClaimed(name: DiscountName, error: string): Promise<void> {
      const id = (await claimedOffer(name))?.id
      const applied = receipt?.hasClaimed === true
      if (id) {
        await replace('applied.json', JSON.stringify(applied ? { id, applied } : { id, applied, error }))
        if (!applied) onRefused(id, error)
      }
      await untilFree(() => rm(path(CLAIMS[name]), { force: true }))
      if (receipt) receipt.hasClaimed = false
    },

    /**
     * What the renaming is there to avoid. Without a gap a failing deletion means that there was nothing to
     * take; with one this 1C, like real ones, goes by what it has read. False where nothing was taken.
     */
    async readThenDelete(gapMs: number | null): Promise<boolean> {
      const offer = await read('discount.txt').then((text) => text && readOffer('discount.txt', text))
      if (!offer || !receipt) return false
      if (gapMs !== null) await pause(clock, gapMs, signal)
      if (signal.aborted) return false
      const isGone = (await ifThere(untilFree(() => unlink(path('discount.txt'))))) === null
      if (isGone && gapMs === null) return false
      putIntoReceipt(offer, receipt, isGone)
      return true
    },
  }
}

/** Written digit by digit: money never becomes a float. */
function amountText({ purchaseKopecks, receipt, protocol }: Amount): string {
  const rubles = `${Math.trunc(purchaseKopecks / 100)}.${String(purchaseKopecks % 100).padStart(2, '0')}`
  const receiptField = receipt === null ? '' : `, "receipt": ${JSON.stringify(receipt)}`
  const protocolField = protocol === 1 ? '' : `, "protocol": ${protocol}`
  return `{"amount": ${rubles}${receiptField}${protocolField}}`
}

/** Null where the file is gone, which is an answer here and not a failure. */
export async function ifThere<Result>(work: Promise<Result>): Promise<Result | null> {
  try {
    return await work
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}
