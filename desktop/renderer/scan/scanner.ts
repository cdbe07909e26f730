import { characterOf } from './keyCodes.ts'

/** A scanner types faster than anybody, and never fewer characters than a card has. */
export const KEY_GAP_MS = 50
const SHORTEST_CODE = 6
/** A scanner may stammer, over the air or on a busy machine: a code goes on after a gap as long as this. */
const LONGEST_GAP_MS = 150
/** The Enter that a slow scanner sends after its code still belongs to the code. */
const LATE_END_MS = 300

export interface ScannerState {
  /** Held back until it is clear whether a scanner or a hand types it. */
  held: string
  /** All of the run, with what was given back of it already. */
  run: string
  fastGaps: number
  lastAtMs: number
  scannedAtMs: number
}

export const restingScanner: ScannerState = {
  held: '',
  run: '',
  fastGaps: 0,
  lastAtMs: Number.NEGATIVE_INFINITY,
  scannedAtMs: Number.NEGATIVE_INFINITY,
}

export type ScannerEvent =
  | { type: 'key'; code: string; isShift: boolean; atMs: number }
  /** Nothing was typed for KEY_GAP_MS, and again so while something is held. */
  | { type: 'silence'; atMs: number }

export interface ScannerStep {
  state: ScannerState
  scanned: string | null
  /** What a hand has typed, given back in the order it came. */
  typed: string
  /** The key was the end of a code, and must not do what it does otherwise. */
  isEnd: boolean
}

/** A key or a silence in, a code or what a hand has typed out. */
export function stepScanner(state: ScannerState, event: ScannerEvent): ScannerStep {
  const { atMs } = event
  if (event.type === 'silence') {
    const mayGoOn = isCode(state) && atMs - state.lastAtMs < LONGEST_GAP_MS
    return mayGoOn ? nothing(state) : settle(state, atMs)
  }
  if (isModifier(event.code)) return nothing(state)
  const character = characterOf(event.code, event.isShift)
  if (character !== null) return append(state, character, atMs)
  const settled = settle(state, atMs)
  return { ...settled, isEnd: isEndKey(event.code) && atMs - settled.state.scannedAtMs <= LATE_END_MS }
}

function append(state: ScannerState, character: string, atMs: number): ScannerStep {
  const gapMs = atMs - state.lastAtMs
  if (gapMs >= LONGEST_GAP_MS) {
    const settled = settle(state, atMs)
    const fresh = { held: character, run: character, fastGaps: 0, lastAtMs: atMs }
    return { ...settled, state: { ...settled.state, ...fresh } }
  }
  const isFast = gapMs < KEY_GAP_MS
  const isHeldOn = isFast || isCode(state)
  return {
    ...nothing({
      ...state,
      held: isHeldOn ? state.held + character : character,
      run: state.run + character,
      fastGaps: state.fastGaps + (isFast ? 1 : 0),
      lastAtMs: atMs,
    }),
    typed: isHeldOn ? '' : state.held,
  }
}

/** A run that is long and fast enough is a code; any other was a hand. */
function settle(state: ScannerState, atMs: number): ScannerStep {
  const rest = { ...state, held: '', run: '', fastGaps: 0 }
  if (isCode(state)) return { ...nothing({ ...rest, scannedAtMs: atMs }), scanned: state.run }
  // The run goes on after what was given back: a stammer must not cut a code in two.
  const isOver = atMs - state.lastAtMs >= LONGEST_GAP_MS
  return { ...nothing(isOver ? rest : { ...state, held: '' }), typed: state.held }
}

/** Two gaps of three are fast; no hand does that six times over. */
function isCode({ held, run, fastGaps }: ScannerState): boolean {
  return held !== '' && run.length >= SHORTEST_CODE && fastGaps * 3 >= (run.length - 1) * 2
}

function nothing(state: ScannerState): ScannerStep {
  return { state, scanned: null, typed: '', isEnd: false }
}

function isEndKey(code: string): boolean {
  return code === 'Enter' || code === 'NumpadEnter' || code === 'Tab'
}

function isModifier(code: string): boolean {
  return /^(Shift|Control|Alt|Meta)(Left|Right)$|^CapsLock$/.test(code)
}
