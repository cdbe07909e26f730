import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { systemOneCFiles } from '../../desktop/register/exchange/oneCFiles.ts'
import { isHeld } from '../../desktop/register/machine/files.ts'
import { runDay } from '../../simulate/day.ts'
import { thisVersion } from '../../simulate/options.ts'
import { reportOf } from '../../simulate/print.ts'
import { salesOptions } from './salesOptions.ts'

// A day of sales on this Windows, each side of it a program of its own: the registers, a virus scanner, and here 1C, which is
// kopilka.bsl, with the cashiers. The cloud and its database may be on another system.

const [databaseUrl = '', cloudUrl = ''] = process.argv.slice(2)
const folder = 'C:\\loyalty'
rmSync(folder, { recursive: true, force: true, maxRetries: 20 })
mkdirSync(folder)

const calls = { all: 0, held: 0 }
const counted =
  <Args extends unknown[], Result>(call: (...args: Args) => Promise<Result>) =>
  async (...args: Args): Promise<Result> => {
    calls.all += 1
    try {
      return await call(...args)
    } catch (error) {
      if (isHeld(error)) calls.held += 1
      throw error
    }
  }
const { read, write, move, remove } = systemOneCFiles
const files = {
  ...systemOneCFiles,
  ...{ read: counted(read), write: counted(write), move: counted(move), remove: counted(remove) },
}

const exchanges = Array.from({ length: salesOptions.registers }, (_, index) =>
  join(folder, `register-${index + 1}`, 'exchange'),
)
const scanner = fork(join(import.meta.dirname, 'scanner.ts'), exchanges)
await using closers = new AsyncDisposableStack()
closers.defer(() => void scanner.kill())
const day = await runDay(
  { ...salesOptions, registersFrom: thisVersion },
  {
    ...{ databaseUrl, cloudUrl, folder, closers, files },
    say: console.error,
    // Both platforms of 1C: one whose moves replace what is there, and one whose moves refuse to.
    programOf: (till) => ({
      program: 'kopilka.bsl',
      platform: { replaces: till % 2 === 1, place: till % 2 === 1 ? 'Сервер' : 'ТонкийКлиент' },
    }),
  },
)
const told = once(scanner, 'message')
scanner.send('over')
const [scanned] = (await told) as [{ held: number; busy: number }]

const { tills, holds } = day.evidence
const total = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0)
const broken = day.findings.filter(({ violations }) => violations.length > 0)
if (broken.length > 0) console.log(reportOf(day))
console.log(
  JSON.stringify({
    sales: total(tills.map(({ notes }) => notes.happened.of('begun'))),
    taken: total(tills.map(({ notes }) => notes.taken.length)),
    given: total(tills.flatMap(({ notes }) => notes.taken).map(({ rubles }) => rubles)),
    spent: total(holds.filter(({ state }) => state === 'applied').map(({ points }) => points)),
    scanned: scanned.held,
    calls: calls.all,
    held: calls.held,
    checks: day.findings.length,
    broken: broken.map(({ what }) => what),
  }),
)
