import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { makeShopFolder, removeShopFolder } from '../testing/shopFolder.ts'
import { createDisk } from './disk.ts'
import { createFaults, type Injection } from './faults.ts'
import { createJournals } from './journal.ts'
import { createRandom } from './random.ts'
import { createTime } from './time.ts'

let folder: string
beforeEach(async () => {
  folder = await makeShopFolder()
})
afterEach(() => removeShopFolder(folder))

/** A journal of numbers, whose power goes within its next commit once it is told so. */
function openNumbers() {
  const random = createRandom('a journal')
  const time = createTime({ start: 0, random })
  const possible: Injection[] = [
    'power: lost within a commit of the journal',
    'disk: what was not synced is gone',
  ]
  const faults = createFaults(random, possible, { times: 1_000_000 })
  faults.heal(true)
  const disk = createDisk({ time, clock: time, faults, exchangeFolder: join(folder, 'exchange') })
  const journals = createJournals({ disk, faults, die: () => journals.losePower() })
  const path = join(folder, 'numbers.sqlite')
  const open = () => {
    const database = journals.openDatabase(path, {})
    for (const pragma of ['locking_mode = exclusive', 'journal_mode = wal', 'synchronous = full'])
      database.pragma(pragma)
    return database
  }
  const database = open()
  database.exec('create table numbers (number integer primary key)')
  const add = database.prepare('insert into numbers values (?)')
  return {
    add: (number: number) => add.run(number),
    change: (from: number, to: number) =>
      database.prepare('update numbers set number = ? where number = ?').run(to, from),
    losePowerWithinCommits: () => faults.heal(false),
    left: () => {
      if (database.open) database.close()
      return open().prepare('select number from numbers order by number').pluck().all()
    },
  }
}

it('what was committed stays when the power goes within the next commit', () => {
  const numbers = openNumbers()
  numbers.add(1)
  numbers.losePowerWithinCommits()
  expect(() => numbers.add(2)).toThrow('the power is gone')
  expect(numbers.left()).toContain(1)
})

it('a statement that changes nothing is no commit: the power does not go within it, and takes nothing of before', () => {
  const numbers = openNumbers()
  numbers.add(1)
  numbers.losePowerWithinCommits()
  expect(numbers.change(7, 8).changes).toBe(0)
  expect(numbers.left()).toEqual([1])
})
