import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { watchAmount } from '../../desktop/register/exchange/amountFile.ts'
import { openKopilka } from '../../desktop/register/exchange/bsl/kopilka.ts'
import { systemOneCFiles } from '../../desktop/register/exchange/oneCFiles.ts'
import { systemFiles } from '../../desktop/register/machine/files.ts'
import { createRandom } from '../../desktop/register/testing/random.ts'
import { pause, systemClock } from '../../desktop/register/time/clock.ts'

// 1C and the register as two programs of one Windows: `watch` looks at amount.json as a register does, `write` has
// kopilka.bsl write it, in a hurry. Told to write, it says how often the other one was in its way.

/** As fast as nobody changes a receipt, and as fast as somebody may. */
const PACES = [
  { writings: 300, longestPauseMs: 30 },
  { writings: 60, longestPauseMs: 600 },
]
const WRITINGS = PACES.reduce((sum, { writings }) => sum + writings, 0)
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
  console.log(`seen: ${seen.size}; the last one: ${seen.has(WRITINGS)}`)
}

async function write(): Promise<void> {
  await isThere(ready)
  const random = createRandom(7)
  const complaints: string[] = []
  let tries = 0
  let firstFailed = 0
  const kopilka = openKopilka({
    ...{ folder, clock: systemClock },
    files: {
      ...systemOneCFiles,
      async move(from, to) {
        tries += 1
        try {
          await systemOneCFiles.move(from, to)
        } catch (error) {
          if (tries === 1) firstFailed += 1
          throw error
        }
      },
    },
    onLog: ({ isError, text }) => void (isError && complaints.push(text)),
  })
  let kopecks = 0
  for (const { writings, longestPauseMs } of PACES) {
    firstFailed = 0
    for (let writing = 0; writing < writings; writing += 1) {
      tries = 0
      kopecks += 1
      await kopilka.writeAmount({ kopecks, receipt: String(kopecks), protocol: 1 })
      await pause(systemClock, (0.1 + 0.9 * random()) * longestPauseMs)
    }
    console.log(`up to ${longestPauseMs} ms apart, ${firstFailed} of ${writings} first moves failed;`)
  }
  writeFileSync(over, '')
  console.log(`complaints: ${JSON.stringify(complaints)}`)
}
