import { rm } from 'node:fs/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { judge } from '../../cloud/ledger/judge.ts'
import { makeShopFolder } from '../../desktop/register/testing/shopFolder.ts'
import { plantedBugs } from './planted.ts'
import { failureOf } from './shrink.ts'
import { runYear, type YearOptions } from './year.ts'

let folder: string
beforeEach(async () => {
  folder = await makeShopFolder()
})
afterEach(() => rm(folder, { recursive: true }))

/** So many sales find every one of them. */
const WITHIN = { registers: 2, sales: 600, customers: 30, salesADay: 60 }

it.each(Object.entries(plantedBugs))('the simulator sees that %s', async (_name, { plants, faults }) => {
  const options: YearOptions = { ...WITHIN, seed: 'planted', faults, isSwarm: false }
  const year = await runYear(options, { folder, plants: plants(judge) })
  console.log(`${failureOf(year)}, after ${year.sales} sales`)
  expect(failureOf(year)).not.toBeNull()
})
