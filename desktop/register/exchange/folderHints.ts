import type { Files } from '../machine/files.ts'
import type { Log } from '../machine/log.ts'

interface Hints {
  isGiven(): boolean
  /** True as soon as there is a hint, false when the moment comes first. */
  isGivenBefore(moment: Promise<void>): Promise<boolean>
  /** What was hinted up to now is being looked at. */
  forget(): void
  rearm(): void
  stop(): void
}

interface Watched {
  folder: string
  files: Files
  log: Log
  /** Whether a file is worth a look. Looking at one while another is being written can make that writing fail. */
  concerns: (name: string) => boolean
}

/** The watch on a folder: it may never call, call a thousand times, fail, or die with the folder it was set on. */
export function watchFolder({ folder, files, log, concerns }: Watched): Hints {
  let given = Promise.withResolvers<void>()
  let isGiven = false
  let hasFailed = false
  let unwatch = () => {}

  function hint(name: string | null): void {
    if (name !== null && !concerns(name)) return
    isGiven = true
    given.resolve()
  }

  function rearm(): void {
    unwatch()
    unwatch = () => {}
    try {
      unwatch = files.watch(folder, hint)
    } catch (error) {
      if (!hasFailed) log.warn({ folder, err: error }, 'the exchange folder cannot be watched: it is polled')
      hasFailed = true
    }
  }

  rearm()
  return {
    isGiven: () => isGiven,
    isGivenBefore: (moment) => Promise.race([moment.then(() => false), given.promise.then(() => true)]),
    forget() {
      isGiven = false
      given = Promise.withResolvers()
    },
    rearm,
    stop: () => unwatch(),
  }
}
