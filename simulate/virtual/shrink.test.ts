import { expect, it } from 'vitest'
import { allInjections } from '../../desktop/register/rig/faults.ts'
import { commandOf, readVirtualOptions } from './options.ts'
import { shrink } from './shrink.ts'
import type { Year, YearOptions } from './year.ts'

const big: YearOptions = {
  ...{ seed: '7', sales: 20_000, registers: 40, customers: 500, salesADay: 50 },
  ...{ faults: allInjections, isSwarm: true },
}

/** A run that fails as long as there is enough of it. */
async function play({ sales, registers, faults }: YearOptions): Promise<Year> {
  const isFailing =
    sales >= 100 && registers >= 3 && faults.includes('power: lost') && faults.includes('disk: full')
  const violations = isFailing ? ['a point is lost'] : []
  return {
    ...{
      sales,
      findings: [{ what: 'no point is lost', count: 1, violations }],
      hash: '',
      events: 0,
      virtualMs: 0,
    },
    ...{ looked: new Map(), happened: new Map(), faults: new Map() },
  }
}

it('a failing run is made smaller as long as it fails, and said as a command that plays it', async () => {
  const { options } = await shrink({ options: big, year: await play(big) }, play)
  expect(options).toMatchObject({ registers: 3, faults: ['power: lost', 'disk: full'] })
  expect(options.sales).toBeGreaterThanOrEqual(100)
  expect(options.sales).toBeLessThan(200)
  expect(commandOf(options)).toContain(
    "--registers 3 --customers 500 --a-day 50 --fault 'power: lost' --fault 'disk: full'",
  )
})

it('a command says everything that a run depends on', () => {
  const words = [...commandOf({ ...big, faults: ['disk: EIO'], isSwarm: false }).matchAll(/'([^']*)'|(\S+)/g)]
  const args = words.map(([, quoted, bare]) => quoted ?? bare ?? '').slice(4)
  const given = { newSeed: () => 'none', processes: 2 }
  const year = { ...big, faults: ['disk: EIO'], isSwarm: false }
  expect(readVirtualOptions(args, given)).toEqual({ year, seeds: 1, processes: 2 })
  expect(commandOf({ ...big, faults: [] })).toContain('--no-faults')
  expect(() => readVirtualOptions(['--fault', 'a meteor'], given)).toThrow('There is no fault "a meteor"')
})
