import { readFile, rename, stat, unlink, writeFile } from 'node:fs/promises'
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

/** What 1C asks of its file system. Each fails with ENOENT where the file is gone. */
export interface TillDisk {
  /** Tells a file from another one that has its name. */
  identity(path: string): Promise<string>
  read(path: string): Promise<string>
  write(path: string, text: string): Promise<void>
  rename(from: string, to: string): Promise<void>
  remove(path: string): Promise<void>
}

export const systemTillDisk: TillDisk = {
  async identity(path) {
    const { ino, mtimeNs } = await stat(path, { bigint: true })
    return `${ino} ${mtimeNs}`
  },
  read: (path) => readFile(path, 'utf8'),
  write: (path, text) => writeFile(path, text),
  rename,
  remove: unlink,
}

export interface TillSetting {
  folder: string
  disk: TillDisk
  clock: Clock
  signal: AbortSignal
  onTaken: (taken: Taken) => void
  onRefused: (id: string, error: string) => void
}

/** What a till does with its receipt and the files, a step a function; when it does which is not decided here. */
export function createTill({ folder, disk, clock, signal, onTaken, onRefused }: TillSetting) {
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
    for (let isThere: true | null = null; isThere === null; ) {
      await untilFree(() => disk.write(temporary, text))
      isThere = await ifThere(untilFree(() => disk.rename(temporary, path(name)).then(() => true as const)))
    }
  }

  const untilFree = <Result>(work: () => Promise<Result>) => untilNotHeld(work, { clock, signal })

  const read = (name: string): Promise<string | null> => ifThere(untilFree(() => disk.read(path(name))))

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
      await ifThere(untilFree(() => disk.remove(path('amount.json'))))
    },

    /** False where there is nothing to take any more. */
    async claim(name: DiscountName): Promise<boolean> {
      const claimed = await ifThere(
        untilFree(() => disk.rename(path(name), path(CLAIMS[name])).then(() => true)),
      )
      // Not before there is another one: what a loss of power brings back has gone in already.
      if (claimed && receipt) receipt.hasClaimed = false
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
        word = JSON.stringify(applied ? { id, applied } : { id, applied, error })
        await replace('applied.json', word)
        if (!applied) onRefused(id, error)
      }
      await ifThere(untilFree(() => disk.remove(path(CLAIMS[name]))))
    },

    /** What it has said last, once more: without power for a moment, the file may be gone or torn. */
    async repeatWord(): Promise<void> {
      if (word !== null) await replace('applied.json', word)
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
      const isGone =
        (await ifThere(untilFree(() => disk.remove(path('discount.txt')).then(() => true)))) === null
      if (isGone && gapMs === null) return false
      putIntoReceipt(offer, receipt, isGone)
      return true
    },
  }
}

/** The register or an antivirus may hold a file for a moment, which Windows answers with an error. */
export async function untilNotHeld<Result>(
  work: () => Promise<Result>,
  { clock, signal }: { clock: Clock; signal?: AbortSignal },
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      if (!isHeld(error) || attempt === HELD_ATTEMPTS || signal?.aborted) throw error
      await pause(clock, HELD_PAUSE_MS, signal)
    }
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
