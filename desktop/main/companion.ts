import { type BrowserWindow, globalShortcut, screen } from 'electron'
import type { RegisterApi, Snapshot } from '../../shared/bridge.ts'
import { SECOND } from '../../shared/time.ts'
import type { Clock } from '../register/time/clock.ts'

export type Dock = 'left' | 'right'

const WIDTH = 420
/** As wide as a hand needs, and as leaves 1C its own. */
export const COMPANION_WIDTHS = { minWidth: 380, maxWidth: 480 } as const
/** Shows the amount and no more: the screen's own styles know this height. */
const STRIP_HEIGHT = 72
const COLLAPSE_AFTER_MS = 20 * SECOND
const HOTKEY = 'CommandOrControl+Alt+K'

/** The column at the edge of the work area, or its strip at the foot of it. */
export function boundsOf(dock: Dock, isCollapsed: boolean, width = WIDTH): Electron.Rectangle {
  const { workArea: area } = screen.getPrimaryDisplay()
  const height = isCollapsed ? STRIP_HEIGHT : area.height
  return {
    x: dock === 'left' ? area.x : area.x + area.width - width,
    y: area.y + area.height - height,
    width,
    height,
  }
}

/** What a change of the register asks of the window beside 1C. */
function wishOf(before: Snapshot | null, now: Snapshot): 'raise' | 'give_back' | 'rest' | null {
  const isNewAmount = now.sale !== null && now.sale.purchaseKopecks !== before?.sale?.purchaseKopecks
  const isSomebody =
    (now.search ?? now.customer) !== null && (before?.search ?? before?.customer ?? null) === null
  const isNewcomer = now.joined.some(({ card }) => !before?.joined.some((known) => known.card === card))
  // What was tapped is done: the receipt goes on in 1C.
  if (now.phase === 'success' && before?.phase !== 'success') return 'give_back'
  if (isNewAmount || isSomebody || isNewcomer || (now.phase === 'error' && before?.phase !== 'error'))
    return 'raise'
  const isNobody = now.phase === 'idle' && now.search === null && now.joined.length === 0
  return isNobody && now.sale === null ? 'rest' : null
}

/**
 * The window beside 1C, always above it: collapsed to a strip while there is nothing to do, raised by an amount, a
 * card, a click or the hotkey. It never takes the focus by itself, and gives it back once a sale is done.
 */
export function stayBeside1c(
  window: BrowserWindow,
  register: Pick<RegisterApi, 'snapshot' | 'subscribe'>,
  { dock, clock }: { dock: Dock; clock: Pick<Clock, 'after'> },
): void {
  let isCollapsed = false
  let before: Snapshot | null = null
  let cancelRest: (() => void) | null = null

  function shape(isStrip: boolean): void {
    if (window.isDestroyed() || isStrip === isCollapsed) return
    isCollapsed = isStrip
    window.setBounds(boundsOf(dock, isStrip, window.getBounds().width))
  }
  function stayAwake(): void {
    cancelRest?.()
    cancelRest = null
  }
  function raise(): void {
    stayAwake()
    shape(false)
    if (!window.isDestroyed()) window.showInactive()
  }
  function rest(): void {
    cancelRest ??= clock.after(COLLAPSE_AFTER_MS, () => {
      cancelRest = null
      // A window in focus is being worked in, in the settings for example.
      if (!window.isDestroyed() && !window.isFocused()) shape(true)
    })
  }
  function hear(now: Snapshot): void {
    const wish = wishOf(before, now)
    before = now
    if (wish === 'raise') raise()
    else if (wish === 'rest') rest()
    else stayAwake()
    if (wish === 'give_back' && !window.isDestroyed()) window.blur()
  }

  window.on('focus', () => {
    stayAwake()
    shape(false)
  })
  window.on('blur', () => {
    if (before && wishOf(before, before) === 'rest') rest()
  })
  globalShortcut.register(HOTKEY, () => {
    if (window.isDestroyed()) return
    if (window.isFocused()) {
      shape(true)
      window.blur()
    } else {
      raise()
      window.focus()
    }
  })
  hear(register.snapshot())
  register.subscribe(hear)
}
