import type { ExchangeState, FailureCode } from '../../shared/bridge.ts'
import { SECOND } from '../../shared/time.ts'
import { openAcknowledgementFile } from './exchange/acknowledgement.ts'
import { watchAmount } from './exchange/amountFile.ts'
import { openDiscountFolder } from './exchange/discountFolder.ts'
import { watchWriting } from './exchange/folderProbe.ts'
import type { AmountReading } from './exchange/sale.ts'
import type { Files } from './machine/files.ts'
import type { Log } from './machine/log.ts'
import type { Outbox } from './outbox/outbox.ts'
import { isInFolder } from './outbox/redemptions.ts'
import { createRedemptionRunner, type RedemptionEvent } from './redemption/runner.ts'
import type { Clock } from './time/clock.ts'
import { createTurns } from './time/turns.ts'

export interface StationOptions {
  /** Where files that 1C wrote badly are kept too. */
  dataFolder: string
  files: Files
  clock: Clock
  log: Log
  outbox: Outbox
  /** Whether the discount of a redemption was left in another folder. */
  isElsewhere: (redeemId: string) => boolean
  /** How long a discount is offered to 1C. */
  takeMs?: number
  onAmount: (reading: AmountReading | null) => void
  onEvent: (news: RedemptionEvent) => void
  onChange: () => void
  onOrphan: (name: string) => void
}

export type Station = ReturnType<typeof createStation>

/** Where this register meets 1C: in the folder that the settings name now. */
export function createStation(options: StationOptions) {
  const turns = createTurns()
  let opened: Opened | null = null
  let state: ExchangeState = { state: 'away', problem: null }
  let isStopped = false

  function onState(next: ExchangeState): void {
    state = next
    options.onChange()
  }

  return {
    state: (): ExchangeState => state,
    /** An earlier discount whose fate is not known yet. */
    hasOpenRedemption: (): boolean => opened?.runner.hasOpen() ?? false,
    /** The ledger holds the points of this redemption: 1C may have its discount. */
    offer: (redeemId: string): void => opened?.runner.offer(redeemId),
    withdraw: ({ id, code }: { id: string; code: FailureCode }): void => opened?.runner.withdraw(id, code),
    /** No discount of an earlier sale may lie there when a new one begins. */
    clearDiscount: (): void => opened?.clearDiscount(),

    /** Begins to meet 1C, or begins anew in another folder. */
    open: (folder: string): Promise<void> =>
      turns.take(async () => {
        await opened?.stop()
        options.onAmount(null)
        if (!isStopped) opened = await openFolder({ ...options, folder, onState })
      }),

    /** Before 1C is met elsewhere after a start: what a register that was killed left in this folder is taken back. */
    leave: (folder: string): Promise<void> => turns.take(() => takeBackFrom({ ...options, folder })),

    async stop(): Promise<void> {
      isStopped = true
      await turns.take(async () => opened?.stop())
    },
  }
}

/** Only what lies there counts: that a discount does not may mean that it never was in this folder. */
async function takeBackFrom(options: StationOptions & { folder: string }): Promise<void> {
  const { discounts, runner } = openDiscounts(options)
  for (const redemption of options.outbox.redemptions.open().filter(isInFolder))
    if (await discounts.has(redemption)) runner.withdraw(redemption.id, 'cancelled')
  await runner.stop({ withinMs: STOP_WITHIN_MS })
}

function openDiscounts(options: StationOptions & { folder: string }) {
  const { takeMs = TAKE_MS } = options
  const discounts = openDiscountFolder(options)
  const acknowledgements = openAcknowledgementFile(options)
  const runner = createRedemptionRunner({ ...options, takeMs, folder: discounts, acknowledgements })
  return { discounts, runner }
}

type Opened = Awaited<ReturnType<typeof openFolder>>

/** For how long, unless something else is said. */
const TAKE_MS = 5 * SECOND
/** How long an update or a shutdown waits for a discount that 1C has open. */
const STOP_WITHIN_MS = 3000

/** The folder where this register meets 1C. What was left open there is settled before anything else. */
async function openFolder(
  options: StationOptions & { folder: string; onState: (state: ExchangeState) => void },
) {
  const { folder, files, clock, log, outbox, onState, onAmount, onOrphan } = options
  const { discounts, runner } = openDiscounts(options)
  const stopping = new AbortController()
  let reading: ExchangeState = { state: 'away', problem: null }
  let unwritable: string | null = null
  const move = (next: ExchangeState) => {
    reading = next
    onState(state())
  }

  /** What keeps 1C from being heard is worse than what keeps it from being told. */
  function state(): ExchangeState {
    return reading.state === 'ok' && unwritable !== null
      ? { state: 'unwritable', problem: unwritable }
      : reading
  }

  async function removeOrphan(atLeastMs: number): Promise<void> {
    if (runner.hasOpen()) return
    const name = await discounts.clearOrphan({ atLeastMs })
    if (name === null) return
    log.warn({ name }, 'a discount that belongs to no sale was removed')
    onOrphan(name)
  }

  runner.recover()
  await discounts.tidy((id) => (outbox.redemptions.find(id)?.verdict ?? null) !== null)
  await runner.tidy()
  await removeOrphan(ORPHAN_AGE_MS)
  const watching = watchAmount({
    ...options,
    evidenceFolder: options.dataFolder,
    signal: stopping.signal,
    onEvent(event) {
      switch (event.type) {
        case 'amount':
          return onAmount(event.reading)
        case 'cleared':
          return onAmount(null)
        case 'alert':
          move({ state: 'alert', problem: event.problem })
          // What 1C has written last is not known: an older amount is of no sale any more.
          return onAmount(null)
        case 'alert_over':
          return move({ state: 'ok', problem: null })
        case 'folder':
          return move(
            event.state === 'ok' ? { state: 'ok', problem: null } : { state: 'away', problem: event.code },
          )
      }
    },
  })

  const probing = watchWriting({
    ...{ folder, files, clock, log, signal: stopping.signal },
    onChange(problem) {
      unwritable = problem
      onState(state())
    },
  })

  return {
    runner,
    clearDiscount: () => void removeOrphan(0),
    async stop(): Promise<void> {
      await runner.stop({ withinMs: STOP_WITHIN_MS })
      stopping.abort()
      await watching
      await probing
      await discounts.cleared()
    },
  }
}

/** 1C may be just taking a younger one. */
const ORPHAN_AGE_MS = 60_000
