import { parseArgs } from 'node:util'
import { allInjections, type Injection } from '../../desktop/register/rig/faults.ts'
import { number } from '../options.ts'
import type { ManyOptions } from './many.ts'
import { type PlantedBug, plantedBugs } from './planted.ts'
import type { YearOptions } from './year.ts'

export const usage = `npm run simulate -- --virtual [options]: many days of sales, in virtual time
  --seed S        decides everything: the same seed is the same run (a new one every time)
  --seeds N       plays so many runs, with the seeds S-1 to S-N (1: the seed itself)
  --processes N   so many of them at once (as many as there are cores)
  --registers N   tills, each on a machine of its own (10)
  --sales N       of all of them together (20000)
  --customers N   who come again and again (1000)
  --a-day N       sales of one register on one day (50)
  --fault NAME    only this one may happen; again for more (every one)
  --no-faults     nothing goes wrong
  --planted NAME  a bug that is put in on purpose, to see how it is found; with its own faults
  --no-swarm      each day has all of them, and not a random part`

const wholeOf = (name: string, text: string) => number(name, text, { isWhole: true })

export function readVirtualOptions(
  args: string[],
  given: { newSeed: () => string; processes: number },
): ManyOptions {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    args,
    options: {
      ...{ virtual: { type: 'boolean' }, seed: text, registers: text, sales: text, customers: text },
      ...{ seeds: text, processes: text, planted: text },
      ...{ 'a-day': text, fault: { type: 'string', multiple: true }, 'no-swarm': { type: 'boolean' } },
      'no-faults': { type: 'boolean' },
    },
  })
  const named = values['no-faults'] ? [] : values.fault?.map(injectionOf)
  const bug = values.planted === undefined ? null : bugOf(values.planted)
  const year: YearOptions = {
    seed: values.seed ?? given.newSeed(),
    registers: wholeOf('registers', values.registers ?? '10'),
    sales: wholeOf('sales', values.sales ?? '20000'),
    customers: wholeOf('customers', values.customers ?? '1000'),
    salesADay: wholeOf('a-day', values['a-day'] ?? '50'),
    faults: named ?? bug?.faults ?? allInjections,
    isSwarm: !values['no-swarm'],
    ...(values.planted !== undefined && { planted: values.planted }),
  }
  return {
    year,
    seeds: wholeOf('seeds', values.seeds ?? '1'),
    processes: wholeOf('processes', values.processes ?? String(given.processes)),
  }
}

function injectionOf(name: string): Injection {
  const found = allInjections.find((injection) => injection === name)
  if (!found) throw new Error(`There is no fault "${name}". There are:\n  ${allInjections.join('\n  ')}`)
  return found
}

function bugOf(name: string): PlantedBug {
  const found = plantedBugs[name]
  if (!found)
    throw new Error(`There is no bug "${name}". There are:\n  ${Object.keys(plantedBugs).join('\n  ')}`)
  return found
}

/** The command that plays the same again. */
export function commandOf(options: YearOptions, seeds = 1): string {
  const { seed, registers, sales, customers, salesADay, faults, isSwarm, planted } = options
  const all = planted === undefined ? allInjections : (plantedBugs[planted]?.faults ?? [])
  const named = faults.length === 0 ? ['--no-faults'] : faults.map((fault) => `--fault '${fault}'`)
  return [
    `npm run simulate -- --virtual --seed ${seed} --sales ${sales} --registers ${registers}`,
    `--customers ${customers} --a-day ${salesADay}`,
    ...(seeds === 1 ? [] : [`--seeds ${seeds}`]),
    ...(faults.length === all.length ? [] : named),
    ...(isSwarm ? [] : ['--no-swarm']),
    ...(planted === undefined ? [] : [`--planted '${planted}'`]),
  ].join(' ')
}
