import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { pino } from 'pino'
import { watchAmount } from '../../desktop/register/exchange/amountFile.ts'
import { openKopilka } from '../../desktop/register/exchange/bsl/kopilka.ts'
import { systemOneCFiles } from '../../desktop/register/exchange/oneCFiles.ts'
import { codeOf, systemFiles } from '../../desktop/register/machine/files.ts'
import { createRandom } from '../../desktop/register/testing/random.ts'
import { pause, systemClock } from '../../desktop/register/time/clock.ts'

// 1C and the register as two programs of one Windows: `watch` looks at amount.json as a register does, `write` has
// kopilka.bsl write it, in a hurry. Told to write, it says how often the other one was in its way.

const WRITINGS = 500
const LONGEST_PAUSE_MS = 30
const folder = join(tmpdir(), 'kopilka-two-programs')
const ready = join(folder, 'watching.tmp')
const over = join(folder, 'over.tmp')
const isThere = async (path: string) => {
  while (!existsSync(path)) await pause(systemClock, 20)
}

if (process.argv[2] === 'watch') await watch()
else await write()

async function watch(): Promise<void> {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const stopping = new AbortController()
  const seen = new Set<number>()
  const watching = watchAmount({
    ...{ folder, evidenceFolder: join(folder, 'evidence'), files: systemFiles, clock: systemClock },
    log: pino({ level: 'silent' }),
    signal: stopping.signal,
    onEvent(event) {
      if (event.type === 'amount') seen.add(event.reading.amount.purchaseKopecks)
    },
  })
  writeFileSync(ready, '')
  await isThere(over)
  await pause(systemClock, 1000)
  stopping.abort()
  await watching
  console.log(JSON.stringify({ seen: seen.size, isLastSeen: seen.has(WRITINGS) }))
}

async function write(): Promise<void> {
  await isThere(ready)
  const random = createRandom(7)
  const failures: string[] = []
  const complaints: string[] = []
  let firstFailed = 0
  let moves = 0
  const kopilka = openKopilka({
    ...{ folder, clock: systemClock },
    files: {
      ...systemOneCFiles,
      async move(from, to) {
        moves += 1
        try {
          await systemOneCFiles.move(from, to)
        } catch (error) {
          if (moves === 1) firstFailed += 1
          failures.push(`${codeOf(error)} ${basename(to)}`)
          throw error
        }
      },
    },
    onLog: ({ isError, text }) => void (isError && complaints.push(text)),
  })
  for (let kopecks = 1; kopecks <= WRITINGS; kopecks += 1) {
    moves = 0
    await kopilka.writeAmount({ kopecks, receipt: String(kopecks), protocol: 1 })
    await pause(systemClock, 1 + random() * LONGEST_PAUSE_MS)
  }
  writeFileSync(over, '')
  console.log(JSON.stringify({ writings: WRITINGS, firstFailed, failures: failures.length, complaints }))
}
