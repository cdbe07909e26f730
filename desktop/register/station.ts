import type { ExchangeState } from '../../shared/bridge.ts'
import { openAcknowledgementFile } from './exchange/acknowledgement.ts'
import { watchAmount } from './exchange/amountFile.ts'
import { openDiscountFolder } from './exchange/discountFolder.ts'
import { watchWriting } from './exchange/folderProbe.ts'
import type { AmountReading } from './exchange/sale.ts'
import type { Files } from './machine/files.ts'
import type { Log } from './machine/log.ts'
import type { Outbox } from './outbox/outbox.ts'
import { createRedemptionRunner, type RedemptionNews } from './redemption/runner.ts'
import type { Clock } from './time/clock.ts'

export interface StationOptions {
  folder: string
  /** Where files that 1C wrote badly are kept. */
  evidenceFolder: string
  files: Files
  clock: Clock
  log: Log
  outbox: Outbox
  takeMs: number
  onAmount: (reading: AmountReading | null) => void
  onNews: (news: RedemptionNews) => void
  onState: (state: ExchangeState) => void
  onOrphan: (name: string) => void
}

export type Station = Awaited<ReturnType<typeof openStation>>

/** How long an update or a shutdown waits for a discount that 1C has open. */
const STOP_WITHIN_MS = 3000

/** The folder where this register meets 1C. What was left open there is settled before anything else. */
export async function openStation(options: StationOptions) {
  const { folder, files, clock, log, outbox, onState, onAmount, onOrphan } = options
  const discounts = openDiscountFolder({ folder, files, clock, log })
  const acknowledgements = openAcknowledgementFile({ folder, files, log })
  const runner = createRedemptionRunner({ ...options, folder: discounts, acknowledgements })
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
    signal: stopping.signal,
    onEvent(event) {
      switch (event.type) {
        case 'amount':
          return onAmount(event.reading)
        case 'cleared':
          return onAmount(null)
        case 'alert':
          // What 1C has written last is not known: an older amount is nobody's any more.
          onAmount(null)
          return move({ state: 'alert', problem: event.problem })
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
    state,
    /** No discount of an earlier sale may lie there when a new one begins. */
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

/** Younger ones may be in somebody's hands. */
const ORPHAN_AGE_MS = 60_000
