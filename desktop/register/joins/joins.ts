import type { JoinedCustomer } from '../../../shared/bridge.ts'
import { MINUTE, SECOND } from '../../../shared/time.ts'
import type { CloudClient } from '../sync/client.ts'
import type { LineState } from '../sync/line.ts'
import type { Clock } from '../time/clock.ts'

/** A customer who has just said yes in their phone looks at the cashier. */
const LOOK_EVERY_MS = 3 * SECOND
/** Reading the text and saying yes takes a minute; after its own screen has shown the code, a till looks out for so long. */
const EXPECT_FOR_MS = 10 * MINUTE

interface JoinsOptions {
  clock: Clock
  settings: { current(): { known: { joinHereUrl?: string | undefined } | null } }
  /** The customer who is served, and the act that is under way. */
  session: { get(): { customer: { card: string } | null; act: object | null } }
  connection: () => {
    client: Pick<CloudClient, 'joins'>
    signal: AbortSignal
    state(): Pick<LineState, 'line'>
  } | null
  /** The customers' own display is there to be read. */
  isDisplayShown: () => boolean
  onChange: () => void
}

/**
 * The customers who have joined at this till a moment ago. The cloud is asked only while the code of this till is shown
 * and no customer is served. A join puts no customer on the screen: the cashier taps the one whose purchase it is.
 */
export function createJoins(options: JoinsOptions) {
  const { clock, settings, session, connection, isDisplayShown, onChange } = options
  let joined: JoinedCustomer[] = []
  /** The joins that the cashier has opened or hidden: they are not offered again. */
  const answered = new Set<string>()
  let expectedUntilMs = Number.NEGATIVE_INFINITY
  let isLooking = false
  let isStopped = false
  let cancelNext: (() => void) | null = null

  // While a note is shown, the cloud is asked whether its customer still counts as just joined.
  const isExpected = () => isDisplayShown() || joined.length > 0 || clock.elapsed() < expectedUntilMs
  function isAwaited(): boolean {
    if (isStopped || !settings.current().known?.joinHereUrl) return false
    const { customer, act } = session.get()
    return customer === null && act === null && connection()?.state().line === 'online' && isExpected()
  }

  async function look(): Promise<void> {
    const line = connection()
    if (!line) return
    isLooking = true
    const reply = await line.client.joins(line.signal).finally(() => {
      isLooking = false
    })
    if (isStopped || line.signal.aborted) return
    if (reply.ok) take(reply.value.joined)
    cancelNext = clock.after(LOOK_EVERY_MS, () => {
      cancelNext = null
      reconsider()
    })
  }

  function take(told: JoinedCustomer[]): void {
    const next = told
      .filter(({ card }) => !answered.has(card))
      .map(({ card, firstName }) => ({ card, firstName }))
    if (JSON.stringify(next) === JSON.stringify(joined)) return
    joined = next
    onChange()
  }

  function leave(isMeant: (card: string) => boolean): void {
    const gone = joined.filter(({ card }) => isMeant(card))
    if (gone.length === 0) return
    for (const { card } of gone) answered.add(card)
    joined = joined.filter(({ card }) => !isMeant(card))
    onChange()
  }

  /** Called at every change, because the screens decide whether to look for joins. */
  function reconsider(): void {
    const { customer } = session.get()
    if (customer) leave((card) => card === customer.card)
    if (isLooking || cancelNext || !isAwaited()) return
    void look()
  }

  return {
    current: (): JoinedCustomer[] => joined,
    reconsider,
    /** The till's own screen shows the code. */
    expect(): void {
      expectedUntilMs = clock.elapsed() + EXPECT_FOR_MS
      reconsider()
    },
    hide: (hidden: string) => leave((card) => card === hidden),
    /** Drops the notes about people who asked to be forgotten. */
    forget: (cards: 'all' | string[]) => leave((card) => cards === 'all' || cards.includes(card)),
    stop(): void {
      isStopped = true
      cancelNext?.()
    },
  }
}
