import { createHash } from 'node:crypto'
import type { VirtualTime } from '../../desktop/register/rig/time.ts'

export type RunLog = ReturnType<typeof createRunLog>

/** All that happened, in its order: two runs of one seed have the same, to the byte. */
export function createRunLog(time: VirtualTime, onLine?: (line: string) => void) {
  const hash = createHash('sha256')
  return {
    write(text: string): void {
      const line = `${time.elapsed()} ${text}\n`
      hash.update(line)
      onLine?.(line)
    },
    hash: () => hash.digest('hex').slice(0, 16),
  }
}
