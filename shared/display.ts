import { z } from 'zod'
import type { Choice, Failure, Preferences, Success, VoucherChoice, VoucherUsed } from './bridge.ts'
import type { Instant } from './time.ts'

/**
 * Where a customer sees their side of the till: nowhere, on a second monitor of this machine, or by a link in the shop's
 * network, at this port.
 */
export const displayWishSchema = z.union([
  z.enum(['off', 'monitor']),
  z.coerce.number().int().min(1).max(65_535),
])
export type DisplayWish = z.infer<typeof displayWishSchema>

/** Whether it can be seen there, and by which links. Who has one sees what the customer sees, and can do nothing. */
export type DisplayState =
  | { state: 'off' }
  | { state: 'shown'; links: string[] }
  /** By the code of the system: the port is taken, for example. */
  | { state: 'failed'; problem: string }

/** What the customer's window shows: nothing of anybody else, and of a person no more than a first name. */
export interface Display {
  /** Of the register: a page that was loaded from an older one loads itself anew. */
  version: string
  look: Pick<Preferences, 'language' | 'brand' | 'colour' | 'theme' | 'hasMotion'>
  /** Where a customer joins, as a QR code; null where the chain has not said so. */
  joinUrl: string | null
  scene: Scene
}

export type Scene =
  | { type: 'idle' }
  | { type: 'frozen'; supportContact: string | null; isProgrammeFrozen: boolean }
  | ({ type: 'customer' } & Wallet)
  | ({
      type: 'sale'
      purchaseKopecks: number
      earn: { earned: number; isSure: boolean }
      /** As it is chosen now; null where nothing can be spent. */
      redeem: Choice | null
      voucher?: VoucherScene
    } & Wallet)
  | { type: 'working'; kind: Success['kind'] }
  | ({ type: 'done' } & Done)
  | ({ type: 'failed'; hasVoucher?: true } & Pick<Failure, 'kind' | 'fate'>)

/** What a voucher does: alone, and with as many points as are chosen where it goes with them. */
interface VoucherScene {
  title: string
  alone: Omit<VoucherChoice, 'points'>
  together: VoucherChoice | null
}

export interface Wallet {
  firstName: string | null
  /** Null: only the cloud knows, and it is away. */
  available: number | null
  expiresNext: { points: number; lastDay: Instant } | null
}

/** The buyer of what comes back need not be the one at the till: of a return only what it did, and no balance. */
export interface Done extends Pick<Success, 'kind' | 'spent' | 'earned' | 'repaid' | 'isQueued' | 'isSure'> {
  paidKopecks: number | null
  /** What it took off; none where it credited points. */
  voucher?: Pick<VoucherUsed, 'title' | 'kopecks'>
  available: number | null
  debt: number
}
