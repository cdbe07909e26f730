import type { SimulatorEvent } from '../desktop/register/exchange/simulator.ts'
import type { CommandName, Failure, Snapshot, Success } from '../shared/bridge.ts'
import type { Instant } from '../shared/time.ts'
import { createCounter } from './counter.ts'
import type { SalePlan } from './plan.ts'

/** A discount that went into a receipt of 1C, and its redemption. */
export interface TakenDiscount {
  card: string
  receipt: string | null
  rubles: number
  /** 1C had read it, and found it gone when it tried to delete it: a case that cannot be decided. */
  gapHit: boolean
}

export type TapName = Extract<CommandName, 'earn' | 'redeem' | 'refund'>

export type Happening =
  | 'begun'
  | 'served'
  | 'nobody'
  | 'tap_refused'
  | 'cancelled'
  | 'gave_up_waiting'
  | 'abandoned'
  | 'hurried'
  | 'undone'
  | 'confirmed_duplicate'
  | 'resumed'
  | 'killed'
  | 'powerless'
  | 'ended_at_start'
  | 'handed_over'
  | 'stopped'
  | 'appeared'
  | 'missed'
  | 'withdrawn'
  | 'refused_by_1c'
  | 'crashed_1c'
  | 'retried_parked'
  | 'merged'
  | 'code_shown'
  | 'code_good'
  | 'code_dropped'

/** The points that were promised, by which book, and by facts of which moment. */
export interface Promised {
  earned: number
  bookVersion: number
  asOf: Instant
}

export type Notes = ReturnType<typeof createNotes>

/** All that was seen at one till, by the cashier on the screen and by 1C in the folder, without the journal. */
export function createNotes() {
  const happened = createCounter<Happening>()
  const taken: TakenDiscount[] = []
  const wrong: string[] = []
  /** What the screen showed of each operation last. */
  const shown = new Map<string, Success | Failure>()
  const taps = { earn: 0, redeem: 0, refund: 0 }
  const lostTaps = { earn: 0, redeem: 0, refund: 0 }
  const queued = new Set<string>()
  const promised = new Map<string, Promised>()
  const unwritten = { earn: new Set<string>(), redeem: new Set<string>(), refund: new Set<string>() }

  return {
    happened,
    taken,
    /** Things that must never be seen in a folder. */
    wrong,
    shown,
    /** The taps that the register took, and those after which it was killed before it answered. */
    taps,
    lostTaps,
    /** The taps that could not be written: they are no operations. */
    unwritten,
    /** The points that the screen promised for sure at the tap of a purchase. */
    promised,
    /** Operations that the screen said would wait for the network. */
    queued,

    oneC(event: SimulatorEvent, { card, number }: SalePlan): void {
      if (event.kind === 'taken') taken.push({ card, ...pick(event.taken) })
      else if (event.kind === 'violation') wrong.push(`${event.violation}: "${event.text}" at sale ${number}`)
      else if (event.kind === 'trouble') wrong.push(`trouble of 1C at sale ${number}: ${event.error}`)
      else if (event.kind === 'complaint') wrong.push(`1C complains at sale ${number}: ${event.text}`)
      else happened.add(happeningOf[event.kind])
    },

    screen({ act }: Snapshot): void {
      if (act?.type !== 'success' && act?.type !== 'error') return
      if (act.type === 'error' && act.code === 'not_written' && act.fate === 'untouched') {
        unwritten[act.kind].add(act.operationId)
        return
      }
      shown.set(act.operationId, act)
      if (act.type === 'success' && act.isQueued) queued.add(act.operationId)
    },

    /** A screen that went dark has not shown the end of a discount that was being taken back. */
    screenLost({ act }: Snapshot): void {
      if (act?.type === 'error') shown.delete(act.operationId)
    },
  }
}

const happeningOf = {
  appeared: 'appeared',
  missed: 'missed',
  withdrawn: 'withdrawn',
  refused: 'refused_by_1c',
  crashed: 'crashed_1c',
} as const

/** What lies in a file of 1C is rubles, whatever they are for. */
const pick = ({
  receipt,
  points: rubles,
  gapHit,
}: Omit<TakenDiscount, 'card' | 'rubles'> & { points: number }) => ({ receipt, rubles, gapHit })
