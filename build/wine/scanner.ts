import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { codeOf, openAlone } from '../../desktop/register/machine/files.ts'
import { createRandom } from '../../desktop/register/testing/random.ts'
import { pause, systemClock } from '../../desktop/register/time/clock.ts'

// A virus scanner: whatever is new or changed in one of the folders it opens with a share mode of none, for 20 to 200 ms, and
// nobody else can read, rename or delete it meanwhile. Ends, and says how much it had, when who started it is gone.

const folders = process.argv.slice(2)
const random = createRandom(3)
const seen = new Map<string, string>()
let held = 0
let busy = 0
let isOver = false
process.once('disconnect', () => {
  isOver = true
})
process.once('message', () => {
  isOver = true
})

while (!isOver) {
  for (const path of folders.flatMap(filesIn)) {
    const writing = writingOf(path)
    if (writing === null || seen.get(path) === writing) continue
    seen.set(path, writing)
    void scan(path)
  }
  await pause(systemClock, 5)
}
if (process.connected) process.send?.({ held, busy }, () => process.disconnect())

async function scan(path: string): Promise<void> {
  try {
    const file = await openAlone(path)
    held += 1
    await pause(systemClock, 20 + 180 * random())
    await file.close()
  } catch (error) {
    // Another program has it open, or it is gone.
    if (codeOf(error) === 'ENOENT') return
    busy += 1
    seen.delete(path)
  }
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name))
  } catch {
    return []
  }
}

/** Which writing of the file lies there; null where it cannot be told just now. */
function writingOf(path: string): string | null {
  try {
    const { ino, mtimeNs, size } = statSync(path, { bigint: true })
    return `${ino} ${mtimeNs} ${size}`
  } catch {
    return null
  }
}
