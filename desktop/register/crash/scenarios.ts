import type { Snapshot } from '../../../shared/bridge.ts'
import type { BehaviourSetting, Simulator } from '../exchange/simulator.ts'
import type { RunningRegister } from '../rig/running.ts'
import type { Death } from './deathPlay.ts'

const PURCHASE_KOPECKS = 100_000
const POINTS = 200

/** What happens at a till, up to the last touch of it. */
export interface Scenario {
  name: string
  behaviour: BehaviourSetting
  /** What the voucher gives that the customer shows; absent: they show none. */
  voucher?: VoucherGift
  /** Before the numbering of effects begins; absent: it begins with the start of the register. */
  bring?: (till: Till) => Promise<void>
  play: (till: Till) => Promise<void>
  /** The deaths of earlier lives; the register dies at every step of the life after them. */
  earlier?: Death[]
  /** Each rename of each file fails so often, as with an antivirus. */
  heldRenames?: number
  /** Longer than 150 where the renames take their time. */
  takeMs?: number
  /** The next life begins only when 1C has taken what lies there. */
  isAwayForLong?: boolean
  /** 1C has another amount by the end. */
  isRewritten?: boolean
  /** The scenario ends with the register stopped. */
  isStopped?: boolean
}

export interface VoucherGift {
  offRubles: number
  creditedPoints: number
}

export interface Till {
  card: string
  /** The code of a voucher, where the customer has one. */
  voucher?: string | undefined
  register: RunningRegister
  simulator: Simulator
  /** The register has said yes to the cashier: whatever happens now, it knows of it. */
  tapped: () => void
}

async function bring({ card, register, simulator }: Till, protocol: 1 | 2): Promise<void> {
  await simulator.newReceipt({ purchaseKopecks: PURCHASE_KOPECKS, protocol })
  await register.until('the amount', ({ cloud, sale }) => cloud.line === 'online' && sale !== null)
  await register.call('findCustomer', { code: card })
  await register.until(
    'the customer',
    ({ phase, customer }) => phase === 'ready' && customer?.source === 'cloud',
  )
}

const byHand = (till: Till) => bring(till, 1)
const bySecondProtocol = (till: Till) => bring(till, 2)

/** And the voucher of the customer; where the line was down for a moment it is scanned again. */
async function withVoucher(till: Till): Promise<void> {
  const { register, voucher = '' } = till
  await byHand(till)
  for (;;) {
    await register.until('the store', ({ cloud, store }) => cloud.line === 'online' && store !== null)
    await register.call('showVoucher', { code: voucher })
    const seen = await register.until(
      'what the voucher is',
      ({ voucher }) => voucher?.state === 'good' || voucher?.state === 'bad',
    )
    if (seen.voucher?.state === 'good') break
  }
  await register.until('what the voucher does', ({ offer }) => offer?.voucher?.isPossible === true)
}

export class TapRefused extends Error {
  override message = 'the register has refused the tap of the cashier'
}

async function tap({ tapped }: Till, reply: Promise<{ ok: boolean }>): Promise<void> {
  if (!(await reply).ok) throw new TapRefused()
  tapped()
}

const isDecided = ({ act }: Snapshot) => act?.type === 'success' || act?.type === 'error'
const isOffered = ({ act }: Snapshot) => act?.type === 'processing' && act.stage === 'offered'

async function tapRedeem(till: Till): Promise<void> {
  await tap(till, till.register.call('redeem', { purchaseKopecks: PURCHASE_KOPECKS, points: POINTS }))
}

async function redeem(till: Till): Promise<void> {
  await tapRedeem(till)
  await till.register.until('an end', isDecided)
}

const redeemVoucher = (points: number) => async (till: Till) => {
  const purchase = { purchaseKopecks: PURCHASE_KOPECKS, points, withVoucher: true }
  await tap(till, till.register.call('redeem', purchase))
  await till.register.until('an end', isDecided)
}

async function redeemUntilOffered(till: Till): Promise<void> {
  await tapRedeem(till)
  await till.register.until('the offer', isOffered)
}

async function earn(till: Till): Promise<void> {
  await tap(till, till.register.call('earn', { purchaseKopecks: PURCHASE_KOPECKS }))
  await till.register.until('an end', isDecided)
}

const off: VoucherGift = { offRubles: 150, creditedPoints: 0 }
const credit: VoucherGift = { offRubles: 0, creditedPoints: 70 }
const soon = { fromMs: 30, toMs: 30 }
const never = { kind: 'never' } as const
const published: Death = {
  effect: 'rename discount.ID.tmp to discount.txt #1',
  moment: 'after',
  of: 'process',
}
const publishedBySecondProtocol: Death = {
  ...published,
  effect: 'rename discount.ID.tmp to discount.json #1',
}

export const scenarios: Scenario[] = [
  {
    name: 'an earn, from the start of the register',
    behaviour: never,
    async play(till) {
      await byHand(till)
      await earn(till)
    },
  },
  {
    name: 'a refund',
    behaviour: never,
    async bring(till) {
      await byHand(till)
      await earn(till)
      await till.register.until('that it is done', ({ recent }) => recent[0]?.state === 'done')
    },
    async play(till) {
      const operationId = till.register.snapshot().recent[0]?.id ?? ''
      await tap(till, till.register.call('refund', { operationId }))
      await till.register.until('an end', isDecided)
    },
  },
  {
    name: 'a redemption that 1C takes by renaming, from the start of the register',
    behaviour: { kind: 'polite', ...soon },
    async play(till) {
      await byHand(till)
      await redeem(till)
    },
  },
  {
    name: 'a redemption that 1C takes by deleting',
    behaviour: { kind: 'polite', ...soon, by: 'delete' },
    bring: byHand,
    play: redeem,
  },
  { name: 'a redemption that 1C never takes', behaviour: never, bring: byHand, play: redeem },
  {
    name: 'a redemption that 1C takes while the register is dead',
    behaviour: { kind: 'slow', fromMs: 60, toMs: 60 },
    bring: byHand,
    play: redeem,
    isAwayForLong: true,
  },
  ...(['before_receipt', 'after_receipt'] as const).flatMap((crash): Scenario[] => [
    {
      name: `a redemption that 1C takes and crashes over, ${crash}`,
      behaviour: { kind: 'crashes_between', ...soon, crash },
      bring: byHand,
      play: redeem,
    },
    {
      name: `a redemption of the second protocol that 1C takes and crashes over, ${crash}`,
      behaviour: { kind: 'crashes_between', ...soon, crash },
      bring: bySecondProtocol,
      play: redeem,
    },
  ]),
  {
    name: 'a redemption of the second protocol that 1C confirms',
    behaviour: { kind: 'polite', ...soon },
    bring: bySecondProtocol,
    play: redeem,
  },
  {
    name: 'a redemption of the second protocol that 1C refuses',
    behaviour: { kind: 'refuses', ...soon },
    bring: bySecondProtocol,
    play: redeem,
  },
  {
    name: 'a redemption of the second protocol that 1C never takes',
    behaviour: never,
    bring: bySecondProtocol,
    play: redeem,
  },
  {
    name: 'a redemption that the cashier cancels in the middle of the offer',
    behaviour: never,
    bring: byHand,
    async play(till) {
      await redeemUntilOffered(till)
      // Awaited from before: where the offer has just ended by itself, the tap puts away the error that it is for.
      const told = till.register.until('an error', ({ act }) => act?.type === 'error')
      await Promise.all([told, till.register.call('cancel', {})])
    },
  },
  {
    name: 'a redemption whose amount 1C rewrites in the middle of the offer',
    behaviour: { kind: 'rewrites_amount', ...soon, takesAfterMs: 60 },
    bring: byHand,
    play: redeem,
    isRewritten: true,
  },
  {
    name: 'a redemption that the shutdown of the register ends',
    behaviour: never,
    bring: byHand,
    async play(till) {
      await redeemUntilOffered(till)
      await till.register.stop()
    },
    isStopped: true,
  },
  {
    name: 'a redemption that 1C takes, with every rename held by an antivirus',
    behaviour: { kind: 'polite', ...soon },
    bring: byHand,
    play: redeem,
    heldRenames: 2,
    takeMs: 600,
  },
  {
    name: 'a redemption that 1C never takes, with every rename held by an antivirus',
    behaviour: never,
    bring: byHand,
    play: redeem,
    heldRenames: 2,
    takeMs: 600,
  },
  {
    name: 'a voucher and points that 1C takes in one sum',
    behaviour: { kind: 'polite', ...soon },
    voucher: off,
    bring: withVoucher,
    // Together more than points may be, which 1C takes for what it is.
    play: redeemVoucher(150),
  },
  {
    name: 'a voucher alone that 1C never takes',
    behaviour: never,
    voucher: off,
    bring: withVoucher,
    play: redeemVoucher(0),
  },
  {
    name: 'a voucher of points, which is nothing for 1C',
    behaviour: never,
    voucher: credit,
    bring: withVoucher,
    play: redeemVoucher(0),
  },
  {
    name: 'a recovery from an offer that 1C never takes',
    behaviour: never,
    bring: byHand,
    play: redeem,
    earlier: [published],
  },
  {
    name: 'a recovery from an offer that 1C has taken',
    behaviour: { kind: 'slow', fromMs: 30, toMs: 30 },
    bring: byHand,
    play: redeem,
    earlier: [published],
    isAwayForLong: true,
  },
  {
    name: 'a recovery from an offer of the second protocol that 1C confirms',
    behaviour: { kind: 'polite', ...soon },
    bring: bySecondProtocol,
    play: redeem,
    earlier: [publishedBySecondProtocol],
    isAwayForLong: true,
  },
  {
    name: 'a recovery from a question whose answer was never heard',
    behaviour: never,
    bring: byHand,
    play: redeem,
    earlier: [{ effect: 'fetch /v1/operations redeem #1', moment: 'after', of: 'process' }],
  },
]
