import { useEffect, useState } from 'react'
import { flushSync } from 'react-dom'
import { KEY_GAP_MS, restingScanner, type ScannerStep, stepScanner } from './scan/scanner.ts'

/** What the part of the screen in front does with the keyboard; a key it does not name goes no further. */
export interface KeyActions {
  enter?: (() => void) | undefined
  escape?: (() => void) | undefined
  f2?: (() => void) | undefined
  f3?: (() => void) | undefined
  f4?: (() => void) | undefined
  f6?: (() => void) | undefined
  f7?: (() => void) | undefined
  f8?: (() => void) | undefined
  backspace?: (() => void) | undefined
  /** A character that a hand has typed, by the key and not by the layout. */
  type?: ((character: string) => void) | undefined
  /** A code of a scanner; where nobody in front takes it, whoever is behind does. */
  scan?: ((code: string) => void) | undefined
}

interface Layer {
  number: number
  actions: KeyActions
}

const layers = new Set<Layer>()
let rendered = 0

/**
 * Takes the keyboard while the component is mounted; the one that appeared last is in front. Numbered as it is
 * rendered, for effects run in the opposite order: a child before its parent.
 */
export function useKeys(actions: KeyActions): void {
  const [layer] = useState<Layer>(() => ({ number: ++rendered, actions }))
  useEffect(() => {
    layer.actions = actions
  })
  useEffect(() => {
    layers.add(layer)
    return () => void layers.delete(layer)
  }, [layer])
}

function front(): KeyActions | undefined {
  return frontToBack()[0]?.actions
}

function frontToBack(): Layer[] {
  return [...layers].sort((left, right) => right.number - left.number)
}

/** A field whose typing is ours although it has the focus: the keyboard is read by key, not by layout. */
export const OUR_FIELD = { 'data-keys': 'ours' }

/**
 * After the last digit of a card many hands press Enter; it must not be taken for the next step. Who has pressed any
 * other key of the screen since then means the Enter.
 */
const HABIT_MS = 600
let habitUntilMs = 0

export function expectHabitualEnter(): void {
  habitUntilMs = performance.now() + HABIT_MS
}

/** So does a scanner that stammers: where nobody takes what is typed, an Enter right after it commits nothing. */
function expectEnterAfter(typed: string): void {
  if (typed !== '' && !front()?.type) expectHabitualEnter()
}

/** Reads the keyboard of the whole window: scanners, digits and the keys of the screen. */
export function listenToKeys(target: Window): void {
  let state = restingScanner
  let silence: ReturnType<typeof setTimeout> | undefined

  function apply({ state: next, scanned, typed }: ScannerStep): void {
    state = next
    if (scanned !== null) deliverScan(scanned)
    expectEnterAfter(typed)
    // What was typed is there before the next key acts: an Enter a moment later means all of it.
    for (const character of typed) flushSync(() => front()?.type?.(character))
  }

  function waitForSilence(): void {
    clearTimeout(silence)
    if (state.held === '') return
    silence = setTimeout(() => {
      apply(stepScanner(state, { type: 'silence', atMs: performance.now() }))
      waitForSilence()
    }, KEY_GAP_MS)
  }

  function onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey) return
    if (isOthersField(event.target)) {
      if (event.code === 'Escape') act(event)
      return
    }
    const step = stepScanner(state, {
      type: 'key',
      code: event.code,
      isShift: event.shiftKey,
      atMs: event.timeStamp,
    })
    apply(step)
    waitForSilence()
    if (step.isEnd) {
      event.preventDefault()
      event.stopPropagation()
      return
    }
    // The field would take the character a second time.
    if (isField(event.target) && event.code !== '' && event.key.length === 1) event.preventDefault()
    if (!event.repeat || event.code === 'Backspace') act(event)
  }

  target.addEventListener('keydown', onKey, { capture: true })
}

const names: Partial<Record<string, Exclude<keyof KeyActions, 'type' | 'scan'>>> = {
  Enter: 'enter',
  NumpadEnter: 'enter',
  Escape: 'escape',
  F2: 'f2',
  F3: 'f3',
  F4: 'f4',
  F6: 'f6',
  F7: 'f7',
  F8: 'f8',
  Backspace: 'backspace',
}

/** A key pressed by hand does what the part of the screen in front says. */
function act(event: KeyboardEvent): void {
  const name = names[event.code]
  if (!name) return
  // A button that was reached with Tab is what Enter is meant for.
  const isOfButton = name === 'enter' && event.target instanceof Element && event.target.closest('button')
  // F3 is the browser's search, and Escape would close a dialog behind our back.
  if (!isOfButton) event.preventDefault()
  if (name === 'enter' && !isOfButton && performance.now() < habitUntilMs) return
  habitUntilMs = 0
  if (!isOfButton) front()?.[name]?.()
}

/** A code of a scanner, or of the camera. */
export function deliverScan(code: string): void {
  frontToBack()
    .find(({ actions }) => actions.scan)
    ?.actions.scan?.(code)
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea')
}

function isOthersField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && isField(target) && target.dataset.keys !== 'ours'
}
