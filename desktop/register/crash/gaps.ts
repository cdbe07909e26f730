import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { codeOf } from '../machine/files.ts'

const HEADER_BYTES = 32
const FRAME_HEADER_BYTES = 24

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
function commitsOf(dataFolder: string): number {
  const log = readLog(join(dataFolder, 'outbox.sqlite-wal'))
  if (log.length < HEADER_BYTES) return 0
  const frameBytes = FRAME_HEADER_BYTES + log.readUInt32BE(8)
  const salts = log.subarray(16, 24)
  let commits = 0
  for (let at = HEADER_BYTES; at + frameBytes <= log.length; at += frameBytes) {
    const isOfThisLog = log.subarray(at + 8, at + 16).equals(salts)
    if (isOfThisLog && log.readUInt32BE(at + 4) > 0) commits += 1
  }
  return commits
}

function readLog(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return Buffer.alloc(0)
    throw error
  }
}
