import { expect, it } from 'vitest'
import { plantedBugs } from './planted.ts'
import { play } from './play.ts'
import { failureOf } from './shrink.ts'

/** So many sales find every one of them. */
const WITHIN = { seed: 'planted', registers: 2, sales: 600, customers: 30, salesADay: 60, isSwarm: false }

it.each(Object.entries(plantedBugs))('the simulator sees that %s', async (planted, { plants: _, ...bug }) => {
  const year = await play({ ...WITHIN, ...bug, planted })
  console.log(`${failureOf(year)}, after ${year.sales} sales`)
  expect(failureOf(year)).not.toBeNull()
})
