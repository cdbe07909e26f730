import { join } from 'node:path'
import type { Files } from '../machine/files.ts'
import type { Log } from '../machine/log.ts'
import type { Clock } from '../time/clock.ts'
import { AMOUNT_FILE, type AmountProblem } from './amountLook.ts'
import { keepEvidence } from './evidence.ts'

/** Five seconds of the poll: no writer and no antivirus takes that long. */
const BAD_LOOKS = 50

interface Setting {
  folder: string
  evidenceFolder: string
  files: Files
  clock: Clock
  log: Log
  tell(event: { type: 'alert'; problem: AmountProblem } | { type: 'alert_over' }): void
}

/**
 * Alerts once when amount.json is unreadable for a while, until a good look ends the alert or the problem becomes
 * another.
 */
export function createAmountAlert({ folder, evidenceFolder, files, clock, log, tell }: Setting) {
  const path = join(folder, AMOUNT_FILE)
  /** Bad looks in a row; during an alert, those with another problem than it says. */
  let badLooks = 0
  let raised: AmountProblem | null = null

  async function raise(problem: AmountProblem): Promise<void> {
    tell({ type: 'alert', problem })
    const evidence = isAboutContent(problem) ? await keepCopy() : undefined
    log.error(
      { path, problem, evidence },
      'amount.json cannot be read for 5 s: is the file broken, does 1C write JSON, does an antivirus hold it?',
    )
  }

  async function keepCopy(): Promise<string | undefined> {
    try {
      return await keepEvidence({ files, path, evidenceFolder, now: clock.now() })
    } catch (error) {
      log.warn({ err: error, path, evidenceFolder }, 'the broken amount.json could not be kept aside')
      return undefined
    }
  }

  return {
    async badLook(problem: AmountProblem): Promise<void> {
      if (raised !== null && problem === raised) badLooks = 0
      else badLooks += 1
      if (badLooks < BAD_LOOKS) return
      badLooks = 0
      raised = problem
      await raise(problem)
    },
    goodLook(): void {
      if (raised !== null) {
        log.info({ path }, 'amount.json is in order again')
        tell({ type: 'alert_over' })
      }
      this.forget()
    },
    /** What was said of the file is not on the screen any more: what is wrong with it is said anew. */
    forget(): void {
      badLooks = 0
      raised = null
    },
  }
}

function isAboutContent(problem: AmountProblem): boolean {
  return problem !== 'held' && problem !== 'unreadable' && problem !== 'never_still'
}
