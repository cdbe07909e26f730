import type { BehaviourSetting } from '../desktop/register/exchange/simulator.ts'
import type { Random } from '../desktop/register/rig/random.ts'
import { drawBehaviour } from './behaviours.ts'
import { type Code, drawCode } from './codes.ts'
import type { Options } from './options.ts'

/** What the cashier does beside serving the customer. */
type Twist =
  | 'none'
  | 'taps_twice'
  /** Takes the redemption back on the kiosk. */
  | 'cancels'
  /** Closes 1C in the middle of it. */
  | 'abandons'
  /** Opens the next receipt in 1C in the middle of it. */
  | 'hurries'
  /** Undoes an earlier sale afterwards. */
  | 'undoes'
  /** Taps once more for the same receipt afterwards. */
  | 'tries_again'

/** How a register ends in the middle of a sale, and for how long it is away. */
export interface End {
  how: 'killed' | 'stopped' | 'powerless'
  aim: 'time' | 'temporary' | 'offer'
  afterMs: number
  downMs: number
}

/** All that a sale depends on except time: the customer, the acts of 1C and the cashier, and the faults. */
export interface SalePlan {
  number: number
  card: string
  /** The card is of no customer. */
  isStranger: boolean
  isQr: boolean
  /** An older card of plastic that they show before the one in their phone. */
  older: string | null
  purchaseKopecks: number
  /** Null: typed on the kiosk, with no 1C. */
  oneC: { receipt: string | null; protocol: 1 | 2; behaviour: BehaviourSetting; crashedForMs: number } | null
  isScannedFirst: boolean
  /** The code of a voucher that they show beside their card. */
  code: string | null
  wish: 'earn' | 'redeem'
  /** The share of the most points that they spend. */
  share: number
  twist: Twist
  twistAfterMs: number
  afterFailure: 'again' | 'earn' | 'leave'
  /** Where the network is away, the customer waits as long as the cashier is patient. */
  isInNoHurry: boolean
  /** Without an answer of the cloud the cashier takes a redemption back after it. */
  patienceMs: number
  /** 1C leaves amount.json where it is until the next sale. */
  isAmountLeft: boolean
  /** Ends the register so long after the first tap, or when a file of the discount appears, for so long. */
  end: End | null
  awayForMs: number | null
}

export interface DayPlan {
  /** By register. */
  shops: { sales: SalePlan[]; skewMs: number }[]
  /** The cloud is killed when so many sales have begun. */
  cloudKills: { atSale: number; afterMs: number; downMs: number }[]
}

const SALES_A_CLOUD_KILL = 150
const SKEW_MS = 8 * 60_000

export const cardOf = (customer: number) => String(200_000 + customer)
const STRANGER = '900000'
/** A quarter has the card in the phone, and each of them an older one of plastic. */
const phonesAmong = (customers: number) => Math.floor(customers / 4)
export const phonesOf = (customers: number) =>
  new Set(Array.from({ length: phonesAmong(customers) }, (_, index) => cardOf(index + 1)))
const olderOf = (customer: number, customers: number) =>
  customer <= phonesAmong(customers) ? cardOf(customer + Math.floor(customers / 2)) : null

/** A few come all the time, and to several registers at once. */
export const drawCustomer = (random: Random, customers: number): number =>
  random.chance(0.3) ? random.int(1, Math.min(5, customers)) : random.int(1, customers)

/** The whole day, decided before it begins. */
export function planDay(options: Options & { codes: readonly Code[] }, random: Random): DayPlan {
  const { registers, sales } = options
  const shops = Array.from({ length: registers }, (_, index) => {
    const own = random.fork(`shop ${index}`)
    const count = Math.floor(sales / registers) + (index < sales % registers ? 1 : 0)
    return { sales: planShop(options, own, { index, count }), skewMs: own.int(-SKEW_MS, SKEW_MS) }
  })
  const cloud = random.fork('cloud')
  const cloudKills = Array.from({ length: Math.ceil(sales / SALES_A_CLOUD_KILL) }, (_, index) => ({
    atSale: Math.ceil((index + cloud.next()) * Math.min(sales, SALES_A_CLOUD_KILL)),
    afterMs: cloud.int(0, 300),
    downMs: cloud.int(0, 1500),
  }))
  return { shops, cloudKills }
}

function planShop(
  options: Options & { codes: readonly Code[] },
  random: Random,
  { index, count }: { index: number; count: number },
) {
  const sales: SalePlan[] = []
  for (let number = 1; number <= count; number += 1) {
    const before = sales.at(-1)
    const sale = planSale(options, random, { number, register: index })
    if (before) follow(sale, before, random)
    sales.push(sale)
  }
  return sales
}

/** The next customer may buy for the same money, or the same one again: a question, not a mistake. */
export function follow(sale: SalePlan, before: SalePlan, random: Random): void {
  if (random.chance(0.06)) {
    const { card, isStranger, purchaseKopecks, code } = before
    Object.assign(sale, { card, isStranger, purchaseKopecks, code, older: null })
  }
  if (!sale.oneC) before.isAmountLeft = false
}

export function planSale(
  options: Pick<Options, 'takeMs' | 'customers'> & { codes: readonly Code[] },
  random: Random,
  { number, register }: { number: number; register: number },
): SalePlan {
  const { takeMs, customers, codes } = options
  const isStranger = random.chance(0.01)
  const customer = drawCustomer(random, customers)
  const behaviour = drawBehaviour(random, { takeMs })
  const isReadFirst = behaviour.kind === 'reads_then_deletes'
  const wish = random.chance(0.65) ? 'redeem' : 'earn'
  const twist = random.weighted<Twist>([
    ['none', 66],
    ['taps_twice', 6],
    ['cancels', 7],
    ['abandons', 4],
    ['hurries', 4],
    ['undoes', 8],
    ['tries_again', 5],
  ])
  const card = isStranger ? STRANGER : cardOf(customer)
  return {
    ...{ number, card, code: drawCode(card, codes, random) },
    isStranger,
    isQr: random.chance(0.5),
    older: !isStranger && random.chance(0.2) ? olderOf(customer, customers) : null,
    purchaseKopecks: random.chance(0.1) ? random.int(1, 5000) : random.int(5000, 900_000),
    oneC: random.chance(0.04)
      ? null
      : {
          receipt: random.chance(0.08) ? null : `${register + 1}-${number}`,
          protocol: isReadFirst || random.chance(behaviour.kind === 'refuses' ? 0.2 : 0.7) ? 1 : 2,
          // What a cashier does to a till needs one that is there.
          behaviour: ['abandons', 'hurries'].includes(twist) ? { kind: 'never' } : behaviour,
          crashedForMs: random.between(0.1, 2) * takeMs,
        },
    isScannedFirst: random.chance(0.3),
    wish,
    share: random.chance(0.6) ? 1 : random.next(),
    twist,
    twistAfterMs: random.chance(0.5) ? random.int(0, 60) : random.next() * takeMs,
    // A second discount may take the place of the first between the reading and the deletion.
    afterFailure: isReadFirst ? 'leave' : random.pick(['again', 'earn', 'leave']),
    isInNoHurry: random.chance(0.5),
    patienceMs: random.int(300, 2500),
    isAmountLeft: random.chance(0.2),
    end: random.chance(wish === 'redeem' ? 0.06 : 0.02)
      ? planEnd(options, random, random.chance(0.85) ? 'killed' : 'stopped')
      : null,
    awayForMs: random.chance(0.015) ? random.int(500, 4000) : null,
  }
}

/** The steps of a redemption before 1C has it are short: most of the kills aim at them. */
export function planEnd({ takeMs }: Pick<Options, 'takeMs'>, random: Random, how: End['how']): End {
  return {
    how,
    aim: random.pick(['time', 'temporary', 'offer']),
    afterMs: random.chance(0.5) ? random.int(0, 60) : random.next() * 1.3 * takeMs,
    downMs: random.int(0, 600),
  }
}
