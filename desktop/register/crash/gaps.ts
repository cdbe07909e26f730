import { join } from 'node:path'
import { framesOf, readLog } from '../rig/journal.ts'

/** Listens for transactions of the journal that have no effect between them, where no death can be put. */
export function watchGaps(dataFolder: string) {
  const found: string[] = []
  let commits: number | null = null
  let before = 'the start'
  return {
    found,
    look(effect: string): void {
      const now = commitsOf(dataFolder)
      if (commits !== null && now > commits + 1)
        found.push(`${now - commits} between ${before} and ${effect}`)
      commits = now
      before = effect
    },
  }
}

/** How many transactions the journal has committed since it was opened, told by its write-ahead log. */
const commitsOf = (dataFolder: string): number =>
  framesOf(readLog(join(dataFolder, 'outbox.sqlite-wal'))).commits.length
