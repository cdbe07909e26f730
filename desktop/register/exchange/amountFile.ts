import type { Files } from '../machine/files.ts'
import type { Log } from '../machine/log.ts'
import { type Clock, pause } from '../time/clock.ts'
import { createAmountAlert } from './amountAlert.ts'
import { AMOUNT_FILE, type AmountProblem, type Finding, findAmount } from './amountLook.ts'
import { watchFolder } from './folderHints.ts'
import type { AmountReading } from './sale.ts'

const POLL_MS = 100
/**
 * The poll while hints work and the last change is understood: on Windows even a look can keep 1C from replacing its
 * file.
 */
const CALM_POLL_MS = 400
/** The time between two looks that must agree. */
const STILL_MS = 10
/** A writer gives several hints: the look follows when it has probably done. */
const HINTS_MS = 3
/** A file system tells two writings apart by less than this: FAT by 2 s, ext4 by a tick. */
const SAME_TIME_MS = 2100
/** When the folder is away for so long, its sale is given up: another customer may stand there by now. */
const AWAY_MS = 5000
/** A share that says nothing for so long is as good as away. */
const SILENCE_MS = 10_000

export type AmountEvent =
  /** The content has changed, or was written anew. */
  | { type: 'amount'; reading: AmountReading }
  | { type: 'cleared' }
  | { type: 'alert'; problem: AmountProblem }
  | { type: 'alert_over' }
  | { type: 'folder'; state: 'ok' }
  | { type: 'folder'; state: 'away'; code: string }

export interface AmountWatch {
  folder: string
  /** Where a file that cannot be understood is copied to. */
  evidenceFolder: string
  files: Files
  clock: Clock
  log: Log
  onEvent(event: AmountEvent): void
  signal: AbortSignal
}

/**
 * Tells what amount.json says, from the first look on, until the signal aborts and the last look has ended.
 * The poll is the truth and works alone; a hint only makes a look come sooner.
 */
export async function watchAmount(watch: AmountWatch): Promise<void> {
  const { folder, files, clock, log, signal } = watch
  const alert = createAmountAlert({ ...watch, tell: tellOfAlert })
  const hints = watchFolder({ ...watch, concerns: (name) => name.toLowerCase() === AMOUNT_FILE })
  let isAway: boolean | undefined
  let cancelGivingUp = () => {}
  let known: string | undefined
  /** The amount told last, while the file system may give another one of its size the same time. */
  let doubted: { fingerprint: string; untilMs: number } | null = null
  let hasSale: boolean | undefined
  let isHeard = true
  /** The last change came by a hint, and the file is understood. */
  let isCalm = false

  /** The listener may fail, as with a full disk: the same is told again at the next look. */
  function tell(event: AmountEvent): void {
    if (signal.aborted) return
    try {
      watch.onEvent(event)
      isHeard = true
    } catch (error) {
      if (isHeard) log.error({ err: error, event: event.type }, 'what amount.json says was not taken in')
      isHeard = false
      known = undefined
      hasSale = undefined
    }
  }

  /** An alert gives up the sale, so the amount is told again once it can be read, even the same one. */
  function tellOfAlert(event: Extract<AmountEvent, { type: 'alert' | 'alert_over' }>): void {
    if (event.type === 'alert') known = undefined
    tell(event)
  }

  async function look(isPoll: boolean): Promise<void> {
    hints.forget()
    const cancelSilence = clock.after(SILENCE_MS, () => setAway('ETIMEDOUT'))
    const wait = () => pause(clock, STILL_MS, signal)
    const isDoubtOver = doubted !== null && clock.elapsed() >= doubted.untilMs
    const finding = await findAmount({
      ...{ files, folder, wait },
      known: isDoubtOver ? undefined : known,
    }).finally(cancelSilence)
    if (signal.aborted) return
    if (finding.state === 'folder_away' || finding.state === 'not_yet') isCalm = false
    if (finding.state === 'folder_away') return setAway(finding.code)
    setBack()
    if (finding.state !== 'not_yet') {
      alert.goodLook()
      if (finding.state !== 'known') report(finding, isPoll)
    } else if (isPoll) await alert.badLook(finding.problem)
  }

  function report(finding: Extract<Finding, { state: 'read' | 'deleted' }>, isPoll: boolean): void {
    const wasKnown = known !== undefined
    const isSameTime = finding.version === known
    known = finding.version
    const told = doubted?.fingerprint
    doubted = null
    if (finding.state === 'read') {
      const { fingerprint } = finding
      if (isSameTime && fingerprint === told) return
      if (!isSameTime) doubted = { fingerprint, untilMs: clock.elapsed() + SAME_TIME_MS }
    }
    // A change that only the poll has noticed: the watch was set on a folder that is no more, or has died.
    if (isPoll && wasKnown && !hints.isGiven()) hints.rearm()
    isCalm = !isPoll
    if (finding.state === 'read' && finding.amount) {
      const { amount, fingerprint, version, writtenAt } = finding
      hasSale = true
      tell({ type: 'amount', reading: { amount, fingerprint, version, writtenAt } })
    } else if (hasSale !== false) {
      hasSale = false
      tell({ type: 'cleared' })
    }
  }

  function setAway(code: string): void {
    if (isAway || signal.aborted) return
    isAway = true
    // Where nothing lay there, that is told again as well: what comes after it was not there meanwhile.
    if (!hasSale) {
      known = undefined
      hasSale = undefined
    }
    alert.forget()
    log.warn({ folder, code }, 'the exchange folder is away: does it exist, is the disk or share connected?')
    tell({ type: 'folder', state: 'away', code })
    cancelGivingUp = clock.after(AWAY_MS, giveUpSale)
  }

  /** When the folder is back, the amount is told again, even the same one, and so is its absence. */
  function giveUpSale(): void {
    if (!hasSale) return
    known = undefined
    hasSale = undefined
    tell({ type: 'cleared' })
  }

  function setBack(): void {
    if (isAway === false) return
    if (isAway) {
      log.info({ folder }, 'the exchange folder is back')
      hints.rearm()
    }
    isAway = false
    cancelGivingUp()
    tell({ type: 'folder', state: 'ok' })
  }

  try {
    while (!signal.aborted) {
      const due = pause(clock, isCalm && isHeard ? CALM_POLL_MS : POLL_MS, signal)
      await look(true)
      while (await hints.isGivenBefore(due)) {
        await pause(clock, HINTS_MS, signal)
        await look(false)
      }
    }
  } finally {
    cancelGivingUp()
    hints.stop()
  }
}
