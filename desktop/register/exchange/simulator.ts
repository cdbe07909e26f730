import { join } from 'node:path'
import { z } from 'zod'
import { discountLimitPoints, WHOLE_BASIS_POINTS } from '../../../shared/money.ts'
import { defaultProgramme } from '../../../shared/programme.ts'
import { type Clock, pause } from '../time/clock.ts'
import { createModuleTill, type ModuleTillSetting } from './moduleTill.ts'
import { type OneCFiles, systemOneCFiles } from './oneCFiles.ts'
import type { Amount } from './sale.ts'
import {
  createTill,
  type DiscountName,
  discountNames,
  type Receipt,
  readOffer,
  type Taken,
} from './simulatorTill.ts'

const waitMs = z.number().min(0)
const by = z.enum(['rename', 'delete']).default('rename')

function between(fromMs: number, toMs: number) {
  return { fromMs: waitMs.default(fromMs), toMs: waitMs.default(toMs) }
}

/**
 * The 1Cs a register meets; `fromMs` and `toMs` count from the moment the discount is seen. With protocol 2
 * all of them claim by renaming. One that refuses says so with protocol 2 and leaves the file with protocol 1.
 */
const behaviourSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('polite'), ...between(20, 200), by }),
  z.strictObject({ kind: z.literal('slow'), ...between(3000, 3000), by }),
  z.strictObject({ kind: z.literal('never') }),
  z.strictObject({ kind: z.literal('last_moment'), ...between(4900, 5100), by }),
  z.strictObject({ kind: z.literal('reads_then_deletes'), ...between(20, 200), gapMs: waitMs.default(300) }),
  z.strictObject({
    kind: z.literal('crashes_between'),
    ...between(20, 200),
    crash: z.enum(['before_receipt', 'after_receipt']).default('before_receipt'),
  }),
  z.strictObject({
    kind: z.literal('rewrites_amount'),
    ...between(20, 200),
    addKopecks: z.int().min(1).default(10_000),
    takesAfterMs: waitMs.default(500),
    by,
  }),
  z.strictObject({ kind: z.literal('refuses'), ...between(20, 200), error: z.string().default('refused') }),
])
type Behaviour = z.infer<typeof behaviourSchema>
export type BehaviourSetting = z.input<typeof behaviourSchema>

/** What the register must never do. */
type Violation = 'malformed' | 'over_limit' | 'stale' | 'wrong_protocol'

export type SimulatorEvent =
  | { kind: 'appeared'; text: string }
  | { kind: 'taken'; taken: Taken }
  | { kind: 'missed' }
  /** It lay there untouched, and the register has taken it back. */
  | { kind: 'withdrawn' }
  | { kind: 'refused'; id: string; error: string }
  | { kind: 'crashed' }
  | { kind: 'trouble'; error: unknown }
  /** What kopilka.bsl says in the journal of 1C instead of raising it. */
  | { kind: 'complaint'; text: string }
  | { kind: 'violation'; violation: Violation; text: string }

export interface SimulatorSetting {
  folder: string
  clock: Clock
  random: () => number
  behaviour: BehaviourSetting
  onEvent: (event: SimulatorEvent) => void
  files?: OneCFiles
  /**
   * What its developer has done: pasted kopilka.bsl, or written everything anew. One that deletes has written it anew
   * in any case.
   */
  program?: 'kopilka.bsl' | 'its own'
  /** Of 1C's platform, for kopilka.bsl. */
  platform?: Pick<ModuleTillSetting, 'place' | 'replaces'>
  pollMs?: number
  /** Of the programs that run one after the other on one database of 1C. */
  entered?: Set<string>
  /** Customers may show vouchers: a receipt may be wholly paid with one, and 1C cannot tell it from points. */
  hasVouchers?: boolean
}

interface NewReceipt {
  purchaseKopecks: number
  receipt?: string
  protocol?: Amount['protocol']
  items?: Amount['items'] | undefined
}

export interface Simulator {
  newReceipt(receipt: NewReceipt): Promise<void>
  /** The open receipt has another total. */
  rewriteAmount(purchaseKopecks: number): Promise<void>
  /** The receipt is paid or cancelled. */
  clear(): Promise<void>
  /** Takes what lies there without waiting any longer. */
  takeNow(): Promise<void>
  /** After a crash: the receipt is as it was, and what was claimed is still there. */
  restart(): Promise<void>
  /** After a loss of power: says once more what became of the last discount of protocol 2. */
  repeatWord(): Promise<void>
  taken(): readonly Taken[]
  stop(): Promise<void>
}

interface Lying {
  name: DiscountName
  identity: string
  text: string
  /** The receipt that was open when it appeared. */
  receipt: Receipt | null
  dueMs: number
  isDone: boolean
}

/** Plays 1C in a folder: one till, one receipt at a time, one thing after another as a till does them. */
export function createSimulator(setting: SimulatorSetting): Simulator {
  const { folder, clock, random, onEvent, files = systemOneCFiles, program, pollMs = 20 } = setting
  const { hasVouchers = false } = setting
  const behaviour = behaviourSchema.parse(setting.behaviour)
  const stopping = new AbortController()
  // kopilka.bsl renames, whatever the behaviour says of deleting: a till has one program for all its sales.
  const hasModule = program === 'kopilka.bsl'
  const till = (hasModule ? createModuleTill : createTill)({
    ...{ folder, files, clock },
    ...setting.platform,
    ...(setting.entered && { entered: setting.entered }),
    signal: stopping.signal,
    onTaken: (taken) => onEvent({ kind: 'taken', taken }),
    onRefused: (id, error) => onEvent({ kind: 'refused', id, error }),
    onComplaint: (text) => onEvent({ kind: 'complaint', text }),
  })
  let lying: Lying | null = null
  let rewritten: Receipt | null = null
  let isCrashed = false
  let turn: Promise<unknown> = Promise.resolve()

  function inTurn(work: () => Promise<void>): Promise<void> {
    const mine = turn.then(work)
    turn = mine.catch(() => {})
    return mine
  }

  function atTheTill(work: () => Promise<void>): Promise<void> {
    return inTurn(() => {
      if (isCrashed) throw new Error('this 1C has crashed: restart it first')
      return work()
    })
  }

  async function watchFolder(): Promise<void> {
    let hasTrouble = false
    while (!stopping.signal.aborted) {
      try {
        await inTurn(() => look({ isDueNow: false }))
        hasTrouble = false
      } catch (error) {
        if (!hasTrouble) onEvent({ kind: 'trouble', error })
        hasTrouble = true
      }
      const untilDueMs = lying ? lying.dueMs - clock.elapsed() : pollMs
      await pause(clock, untilDueMs > 0 ? Math.min(untilDueMs, pollMs) : pollMs, stopping.signal)
    }
  }

  async function look({ isDueNow }: { isDueNow: boolean }): Promise<void> {
    if (isCrashed || stopping.signal.aborted) return
    const found = await findDiscount(files, folder)
    if (found?.identity !== lying?.identity) {
      if (lying && !lying.isDone) onEvent({ kind: 'withdrawn' })
      lying = found && (await meet(found))
    }
    const receipt = till.receipt()
    if (!lying && receipt && (await till.hasLeftover())) return await takeByRenaming(nameFor(receipt))
    if (!lying || lying.isDone || !receipt || nameFor(receipt) !== lying.name) return
    if (isDueNow || clock.elapsed() >= lying.dueMs) await act(lying, receipt)
  }

  async function meet({ name, identity }: Pick<Lying, 'name' | 'identity'>): Promise<Lying | null> {
    const text = await till.read(name)
    if (text === null) return null
    const receipt = till.receipt()
    onEvent({ kind: 'appeared', text })
    const violation = violationOf({ name, text, receipt, hasVouchers })
    if (violation) onEvent({ kind: 'violation', violation, text })
    const dueMs = clock.elapsed() + drawDelayMs(behaviour, random)
    return { name, identity, text, receipt, dueMs, isDone: false }
  }

  async function act(lying: Lying, receipt: Receipt): Promise<void> {
    if (behaviour.kind === 'rewrites_amount' && rewritten !== receipt) {
      await till.rewrite(receipt.purchaseKopecks + behaviour.addKopecks)
      rewritten = receipt
      lying.dueMs = clock.elapsed() + behaviour.takesAfterMs
      return
    }
    const takenBefore = till.taken().length
    await take(lying.name)
    lying.isDone = true
    if (till.taken().length > takenBefore && lying.receipt !== receipt)
      onEvent({ kind: 'violation', violation: 'stale', text: lying.text })
  }

  async function take(name: DiscountName): Promise<void> {
    if (name === 'discount.json') return takeByRenaming(name)
    if (behaviour.kind === 'refuses') return
    if (hasModule || !deletes(behaviour)) return takeByRenaming(name)
    const gapMs = behaviour.kind === 'reads_then_deletes' ? behaviour.gapMs : null
    if (!(await till.readThenDelete(gapMs))) onEvent({ kind: 'missed' })
  }

  async function takeByRenaming(name: DiscountName): Promise<void> {
    const crash = behaviour.kind === 'crashes_between' ? behaviour.crash : null
    if (!(await till.claim(name))) return onEvent({ kind: 'missed' })
    if (crash !== 'before_receipt' && behaviour.kind !== 'refuses') await till.enterClaimed(name)
    if (crash) {
      isCrashed = true
      till.crash()
      return onEvent({ kind: 'crashed' })
    }
    await till.finishClaimed(name, behaviour.kind === 'refuses' ? behaviour.error : 'not for this receipt')
  }

  /** Protocol 1 has told the register that it is applied, so it must go in; protocol 2 can still say no. */
  async function recover(): Promise<void> {
    isCrashed = false
    const receipt = till.receipt()
    if (!receipt) return
    const name = nameFor(receipt)
    if (name === 'discount.txt' && !receipt.hasClaimed) await till.enterClaimed(name)
    await till.finishClaimed(name, '1C crashed before it was in the receipt')
  }

  const watching = watchFolder()
  return {
    newReceipt: ({ purchaseKopecks, receipt, protocol = 1, items }) =>
      atTheTill(() =>
        till.open({ purchaseKopecks, receipt: receipt ?? null, protocol, ...(items && { items }) }),
      ),
    rewriteAmount: (purchaseKopecks) => atTheTill(() => till.rewrite(purchaseKopecks)),
    clear: () => atTheTill(till.close),
    takeNow: () => atTheTill(() => look({ isDueNow: true })),
    restart: () => inTurn(recover),
    repeatWord: () => inTurn(till.repeatWord),
    taken: till.taken,
    async stop() {
      // Of a reason of its own an abort makes an error with a trace, for every sale of a million.
      stopping.abort('stopped')
      await watching
    },
  }
}

function deletes(behaviour: Behaviour): boolean {
  return behaviour.kind === 'reads_then_deletes' || ('by' in behaviour && behaviour.by === 'delete')
}

/** How long this 1C lets a discount lie. */
function drawDelayMs(behaviour: Behaviour, random: () => number): number {
  if (behaviour.kind === 'never') return Number.POSITIVE_INFINITY
  return behaviour.fromMs + random() * Math.max(0, behaviour.toMs - behaviour.fromMs)
}

async function findDiscount(files: OneCFiles, folder: string) {
  for (const name of discountNames) {
    const identity = await files.identity(join(folder, name))
    if (identity !== null) return { name, identity: `${name} ${identity}` }
  }
  return null
}

function nameFor({ protocol }: Amount): DiscountName {
  return protocol === 1 ? 'discount.txt' : 'discount.json'
}

function violationOf(seen: {
  name: DiscountName
  text: string
  receipt: Receipt | null
  hasVouchers: boolean
}): Violation | null {
  const { name, text, receipt, hasVouchers } = seen
  const offer = readOffer(name, text)
  if (!offer) return 'malformed'
  if (!receipt) return 'stale'
  if (nameFor(receipt) !== name) return 'wrong_protocol'
  const share = hasVouchers ? WHOLE_BASIS_POINTS : defaultProgramme.max_discount_basis_points
  return offer.points > discountLimitPoints(receipt.purchaseKopecks, share) ? 'over_limit' : null
}
