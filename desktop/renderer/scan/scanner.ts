import { characterOf } from './keyCodes.ts'

/** A scanner types faster than anybody, and never fewer characters than a card has. */
export const KEY_GAP_MS = 50
const SHORTEST_CODE = 6
/** The Enter that a slow scanner sends after its code still belongs to the code. */
const LATE_END_MS = 300

export interface ScannerState {
  /** Typed fast so far: held back until it is clear whether a scanner or a hand types it. */
  text: string
  lastAtMs: number
  scannedAtMs: number
}

export const restingScanner: ScannerState = {
  text: '',
  lastAtMs: Number.NEGATIVE_INFINITY,
  scannedAtMs: Number.NEGATIVE_INFINITY,
}

export type ScannerEvent =
  | { type: 'key'; code: string; isShift: boolean; atMs: number }
  /** Nothing was typed for KEY_GAP_MS. */
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
  if (event.type === 'silence') return settle(state, event.atMs)
  const { code, isShift, atMs } = event
  if (isModifier(code)) return { state, scanned: null, typed: '', isEnd: false }
  const isFast = atMs - state.lastAtMs < KEY_GAP_MS
  const before = isFast ? { state, scanned: null, typed: '' } : settle(state, atMs)
  if (code === 'Enter' || code === 'NumpadEnter' || code === 'Tab') return end(before, atMs)

  const character = characterOf(code, isShift)
  if (character === null) {
    const settled = settle(before.state, atMs)
    return { ...settled, scanned: before.scanned ?? settled.scanned, typed: before.typed + settled.typed }
  }
  return {
    state: { ...before.state, text: before.state.text + character, lastAtMs: atMs },
    scanned: before.scanned,
    typed: before.typed,
    isEnd: false,
  }
}

function end(before: Omit<ScannerStep, 'isEnd'>, atMs: number): ScannerStep {
  const settled = settle(before.state, atMs)
  const scanned = before.scanned ?? settled.scanned
  const isLate = atMs - settled.state.scannedAtMs <= LATE_END_MS
  return { state: settled.state, scanned, typed: before.typed + settled.typed, isEnd: isLate }
}

/** A fast run that is long enough is a code; a shorter one was a quick hand. */
function settle(state: ScannerState, atMs: number): ScannerStep {
  const isCode = state.text.length >= SHORTEST_CODE
  return {
    state: { ...state, text: '', scannedAtMs: isCode ? atMs : state.scannedAtMs },
    scanned: isCode ? state.text : null,
    typed: isCode ? '' : state.text,
    isEnd: false,
  }
}

function isModifier(code: string): boolean {
  return /^(Shift|Control|Alt|Meta)(Left|Right)$|^CapsLock$/.test(code)
}
