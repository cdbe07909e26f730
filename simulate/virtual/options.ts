import { parseArgs } from 'node:util'
import { allInjections, type Injection } from '../../desktop/register/rig/faults.ts'
import type { YearOptions } from './year.ts'

const usage = `npm run simulate -- --virtual [options]: many days of sales in one process, in virtual time
  --seed S        decides everything: the same seed is the same run (a new one every time)
  --registers N   tills, each on a machine of its own (10)
  --sales N       of all of them together (20000)
  --customers N   who come again and again (1000)
  --a-day N       sales of one register on one day (50)
  --fault NAME    only this one may happen; again for more (every one)
  --no-swarm      each day has all of them, and not a random part`

export function readVirtualOptions(args: string[], newSeed: () => string): YearOptions {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    args,
    options: {
      ...{ virtual: { type: 'boolean' }, seed: text, registers: text, sales: text, customers: text },
      ...{ 'a-day': text, fault: { type: 'string', multiple: true }, 'no-swarm': { type: 'boolean' } },
    },
  })
  return {
    seed: values.seed ?? newSeed(),
    registers: wholeOf('registers', values.registers ?? '10'),
    sales: wholeOf('sales', values.sales ?? '20000'),
    customers: wholeOf('customers', values.customers ?? '1000'),
    salesADay: wholeOf('a-day', values['a-day'] ?? '50'),
    faults: values.fault?.map(injectionOf) ?? allInjections,
    isSwarm: !values['no-swarm'],
  }
}

function injectionOf(name: string): Injection {
  const found = allInjections.find((injection) => injection === name)
  if (!found) throw new Error(`There is no fault "${name}". There are:\n  ${allInjections.join('\n  ')}`)
  return found
}

function wholeOf(name: string, text: string): number {
  const value = Number(text)
  if (!(Number.isInteger(value) && value > 0))
    throw new Error(`--${name} must be a whole number above 0, not "${text}".\n${usage}`)
  return value
}

/** The command that plays the same again. */
export function commandOf(options: YearOptions): string {
  const { seed, registers, sales, customers, salesADay, faults, isSwarm } = options
  const named = faults.length === allInjections.length ? [] : faults.map((fault) => `--fault '${fault}'`)
  return [
    `npm run simulate -- --virtual --seed ${seed} --sales ${sales} --registers ${registers}`,
    `--customers ${customers} --a-day ${salesADay}`,
    ...named,
    ...(isSwarm ? [] : ['--no-swarm']),
  ].join(' ')
}
