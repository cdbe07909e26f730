import type { FailureCode } from '../../../shared/bridge.ts'
import { type Instant, SECOND } from '../../../shared/time.ts'
import type { AcknowledgementFile } from '../exchange/acknowledgement.ts'
import type { DiscountFolder } from '../exchange/discountFolder.ts'
import { diskFailureOf } from '../machine/diskWatch.ts'
import type { Log } from '../machine/log.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { Redemption } from '../outbox/redemptions.ts'
import { type Clock, pause } from '../time/clock.ts'

export type RedemptionEvent =
  | { type: 'offered'; id: string; deadlineAt: Instant }
  | { type: 'confirming'; id: string }
  | { type: 'taken'; id: string }
  | { type: 'withdrawn'; id: string; code: FailureCode; details?: Record<string, unknown> }
  | { type: 'folder_busy'; id: string }
  /** The verdict is known, but could not be written into the journal yet. */
  | { type: 'not_written'; id: string }

export interface RunnerOptions {
  outbox: Outbox
  folder: DiscountFolder
  acknowledgements: AcknowledgementFile
  /** Whether the discount of a redemption was left in another folder, so that this one cannot decide it. */
  isElsewhere: (id: string) => boolean
  clock: Clock
  log: Log
  /** How long a discount is offered to 1C. */
  takeMs: number
  onEvent: (news: RedemptionEvent) => void
}

const LOOK_MS = 20
const ACKNOWLEDGEMENT_LOOK_MS = 100
const BUSY_AFTER_MS = 5 * SECOND
const RETRY_MS = SECOND

interface Run {
  withdrawal: AbortController
  /** The reason, should the discount be withdrawn. */
  code: FailureCode
  /** Nothing comes off the receipt: there is nothing for 1C to take, and the sale stands. */
  isGiven: boolean
  over: Promise<void>
}

interface Start extends Pick<Run, 'code'> {
  /** 1C is given the discount; otherwise only the verdict is looked for. */
  isOffered: boolean
}

/**
 * Takes a redemption whose points are held to its verdict: gives the discount to 1C, waits, and takes it back. Each step
 * is in the journal before 1C or the screen can see the next one, so after a crash the same code goes on from the journal
 * and the folder alone.
 */
export function createRedemptionRunner(options: RunnerOptions) {
  const { outbox, folder, acknowledgements, isElsewhere, clock, log, takeMs, onEvent } = options
  const running = new Map<string, Run>()
  const confirming = new Set<string>()
  const stopping = new AbortController()

  async function offer(redemption: Redemption, run: Run): Promise<void> {
    const { signal } = run.withdrawal
    // Also where this sale gives no discount: an old one must not be taken for it.
    await folder.clearOrphan()
    if (redemption.rubles === 0) {
      run.isGiven = !signal.aborted
      return
    }
    await folder.prepare(redemption)
    if (signal.aborted) return
    outbox.redemptions.advance(redemption.id, 'prepared')
    if (!(await folder.publish(redemption, { withinMs: takeMs, signal }))) {
      if (!signal.aborted) run.code = 'folder_busy'
      return
    }
    const publishedAt = clock.elapsed()
    outbox.redemptions.advance(redemption.id, 'published')
    const deadlineAt = clock.now() + takeMs
    onEvent({ type: 'offered', id: redemption.id, deadlineAt })
    while (!signal.aborted && clock.elapsed() - publishedAt < takeMs) {
      if (await folder.looksTaken(redemption)) return
      const leftMs = takeMs - (clock.elapsed() - publishedAt)
      await pause(clock, Math.max(0, Math.min(LOOK_MS, leftMs)), signal)
    }
  }

  /** Whether 1C has the discount, by the folder and, in its newer protocol, by its own word. */
  async function findVerdict(redemption: Redemption): Promise<'taken' | 'withdrawn' | 'stopped'> {
    const { id } = redemption
    // Before the step `prepared` is on the disk nothing was ever published.
    const step = outbox.redemptions.find(id)?.step
    if (step === 'asked' || step === 'held') return 'withdrawn'
    return await folder.takeBack(redemption, {
      signal: stopping.signal,
      busyAfterMs: BUSY_AFTER_MS,
      onBusy: () => onEvent({ type: 'folder_busy', id }),
    })
  }

  async function confirm({ id }: Redemption): Promise<{ applied: boolean; error: string | null } | null> {
    confirming.add(id)
    onEvent({ type: 'confirming', id })
    let other = ''
    while (!stopping.signal.aborted) {
      const told = await acknowledgements.read()
      if (told?.id === id) return { applied: told.applied, error: told.error ?? null }
      // The file is not deleted: 1C replaces it, and may be writing the next one just now.
      if (told && told.id !== other) log.warn({ redemption: told.id }, 'applied.json is about another one')
      other = told?.id ?? other
      await pause(clock, ACKNOWLEDGEMENT_LOOK_MS, stopping.signal)
    }
    return null
  }

  async function decide(redemption: Redemption, run: Run): Promise<void> {
    const { id, protocol } = redemption
    if (run.isGiven) return await close(redemption, { verdict: 'taken' })
    const found = await findVerdict(redemption)
    if (found === 'stopped') return
    // A 1C that reads the discount without deleting it may have it in the receipt, and say so.
    const isTold = protocol === 2 && (await acknowledgements.read())?.id === id
    if (found === 'withdrawn' && !isTold)
      return await close(redemption, { verdict: 'withdrawn', code: run.code })
    if (protocol === 1) return await close(redemption, { verdict: 'taken' })
    const told = await confirm(redemption)
    if (!told) return
    const details = { error: told.error }
    await close(
      redemption,
      told.applied ? { verdict: 'taken' } : { verdict: 'withdrawn', code: 'refused_by_1c', details },
    )
    await acknowledgements.remove()
    confirming.delete(id)
  }

  type Closing =
    | { verdict: 'taken' }
    | { verdict: 'withdrawn'; code: FailureCode; details?: Record<string, unknown> }

  async function close(redemption: Redemption, closing: Closing): Promise<void> {
    const { id } = redemption
    const isFirst = outbox.resolve(id, closing.verdict, closing.verdict === 'taken' ? 'taken' : closing.code)
    await folder.forget(redemption)
    // Before the screen is told, because another discount may be given from now on.
    running.delete(id)
    if (!isFirst) return
    log.info({ redemption: id, rubles: redemption.rubles, ...closing }, 'a discount was decided')
    if (closing.verdict === 'taken') onEvent({ type: 'taken', id })
    else
      onEvent({
        type: 'withdrawn',
        id,
        code: closing.code,
        ...(closing.details && { details: closing.details }),
      })
  }

  /** Tries until the verdict is known: a full disk or a broken share must not leave a redemption undecided. */
  async function decideUntilKnown(redemption: Redemption, run: Run): Promise<void> {
    const { id } = redemption
    let complainedOf = ''
    while (!stopping.signal.aborted) {
      try {
        return await decide(redemption, run)
      } catch (error) {
        if (String(error) !== complainedOf) {
          log.error(
            { err: error, redemption: id },
            'a redemption could not be decided; it is tried until it is',
          )
          if (diskFailureOf(error) !== null) onEvent({ type: 'not_written', id })
        }
        complainedOf = String(error)
        await pause(clock, RETRY_MS, stopping.signal)
      }
    }
  }

  async function takeToVerdict(
    redemption: Redemption,
    run: Run,
    { isOffered }: Pick<Start, 'isOffered'>,
  ): Promise<void> {
    if (isOffered) {
      await offer(redemption, run).catch((error) => {
        log.error({ err: error, redemption: redemption.id }, 'a discount could not be given to 1C')
        run.code = diskFailureOf(error) === null ? 'failed' : 'not_written'
      })
    }
    await decideUntilKnown(redemption, run)
    running.delete(redemption.id)
  }

  /** Releases at once, so that the release goes right behind its redemption; false where it could not be written. */
  function giveUpAtOnce(id: string, code: FailureCode): boolean {
    try {
      outbox.resolve(id, 'withdrawn', code)
      return true
    } catch (error) {
      log.error({ err: error, redemption: id }, 'the journal does not take that a redemption is given up')
      return false
    }
  }

  function start(redemption: Redemption, { isOffered, code }: Start): void {
    if (running.has(redemption.id) || isElsewhere(redemption.id) || stopping.signal.aborted) return
    const { promise: over, resolve } = Promise.withResolvers<void>()
    const run: Run = { withdrawal: new AbortController(), code, isGiven: false, over }
    running.set(redemption.id, run)
    takeToVerdict(redemption, run, { isOffered }).finally(resolve)
  }

  return {
    /** The ledger holds the points: 1C may have the discount. */
    offer(id: string): void {
      const redemption = outbox.redemptions.find(id)
      if (redemption?.step === 'held') start(redemption, { isOffered: true, code: 'not_taken' })
    },

    /** Ends an offer, at any step of it. */
    withdraw(id: string, code: FailureCode): void {
      const run = running.get(id)
      if (run) {
        if (!run.withdrawal.signal.aborted) run.code = code
        run.withdrawal.abort()
        return
      }
      const redemption = outbox.redemptions.find(id)
      if (redemption?.verdict !== null) return
      // The ledger may or may not have the redemption: it is told to give the points back, after it has answered.
      if (redemption.step !== 'asked' || !giveUpAtOnce(id, code))
        start(redemption, { isOffered: false, code })
    },

    /** After a start, the folder decides the redemptions that the journal has as open. */
    recover(): void {
      for (const redemption of outbox.redemptions.open()) {
        if (redemption.verdict !== null) continue
        if (isElsewhere(redemption.id)) {
          log.error(
            { redemption: redemption.id },
            'a discount lies in another folder: only that one can tell who has it',
          )
          onEvent({ type: 'folder_busy', id: redemption.id })
          continue
        }
        log.warn(
          { redemption: redemption.id, step: redemption.step },
          'a redemption was cut short; it is settled now',
        )
        this.withdraw(redemption.id, 'cancelled')
      }
    },

    /** At the start: an applied.json whose redemption is decided already is removed. */
    async tidy(): Promise<void> {
      const told = running.size === 0 ? await acknowledgements.read() : null
      if (!told) return
      log.warn({ redemption: told.id, applied: told.applied }, 'an old applied.json was removed')
      await acknowledgements.remove()
    },

    /** A discount may still lie in the folder, so another one must wait. */
    hasOpen: () => [...running.keys()].some((id) => !confirming.has(id)),

    /**
     * A discount must not lie in the folder while no register watches it. A redemption that cannot be decided in time, or
     * waits for applied.json, stays open in the journal for the next start.
     */
    async stop({ withinMs }: { withinMs: number }): Promise<void> {
      const waiting = [...running].filter(([id]) => !confirming.has(id))
      for (const [id] of waiting) this.withdraw(id, 'cancelled')
      const isOver = new AbortController()
      const decided = Promise.all(waiting.map(([, run]) => run.over))
      await Promise.race([decided, pause(clock, withinMs, isOver.signal)])
      isOver.abort()
      stopping.abort()
      await Promise.all([...running.values()].map((run) => run.over))
    },
  }
}
