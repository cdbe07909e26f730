import { parseArgs } from 'node:util'

const phaseNames = [
  'earns',
  'batches',
  'redemptions',
  'mixed',
  'hot',
  'against',
  'register',
  'kiosk',
  'lookups',
  'expiry',
  'remind',
  'hostile',
  'hot-card',
  'dry-run',
] as const
export type PhaseName = (typeof phaseNames)[number]

export interface Options {
  only: Set<PhaseName>
  /** How long each phase is measured, after its warm-up. */
  seconds: number
  warmUpSeconds: number
  registers: number
  customers: number
  deadLots: number
  dying: number
  /** Purchases of the dry run. */
  tried: number
  /** Customers with a year of purchases, to whom the tills sell; null: a few new ones. */
  aged: number | null
  /** How many purchases each of them has in that year. */
  purchases: number
  /** The customers are in Telegram and want to be told: each purchase writes a message too. */
  telegram: boolean
  /** The programme goes by the book of a lively chain. */
  rules: boolean
  logLevel: string
  /** Flags of Node for the API. */
  apiFlags: string[]
  profile: boolean
  /** Without pgbench in the same run: for figures that do not depend on the rate. */
  alone: boolean
  json: boolean
}

export const usage = `npm run bench -- [options]
  --only a,b          phases: ${phaseNames.join(', ')} (all)
  --seconds N         measured part of each phase (8)
  --warm-up N         seconds before it (2)
  --registers N       keys the load is spread over (1)
  --customers N       rows of the look-up phase (1000000)
  --dead-lots N       lots of the expiry phase (1000000)
  --dying N           customers of the reminder phase (100000)
  --tried N           purchases of the dry run (100000)
  --aged N            the tills sell to N customers who came each month of a year, instead of 10,000 new ones
  --purchases N       how often each of these came, a month apart (12): a million of a year takes 17 GB
  --telegram          customers are in Telegram: each purchase writes a message too
  --api-flags F       flags of Node for the API, such as --api-flags=--single-threaded-gc
  --rules             the programme has ten rules, statuses, a budget and a limit of days, instead of none
  --log-level L       of the API, which logs to a file (info, as in production)
  --alone             nothing is measured beside it: only CPU, WAL and latencies say something then
  --profile           CPU profile of the API: what it spent its time in (it is slower then)
  --json              print JSON instead of tables`

export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string', default: phaseNames.join(',') },
      seconds: { type: 'string', default: '8' },
      'warm-up': { type: 'string', default: '2' },
      registers: { type: 'string', default: '1' },
      customers: { type: 'string', default: '1000000' },
      'dead-lots': { type: 'string', default: '1000000' },
      dying: { type: 'string', default: '100000' },
      tried: { type: 'string', default: '100000' },
      aged: { type: 'string' },
      purchases: { type: 'string', default: '12' },
      telegram: { type: 'boolean', default: false },
      rules: { type: 'boolean', default: false },
      'log-level': { type: 'string', default: 'info' },
      'api-flags': { type: 'string', default: '' },
      profile: { type: 'boolean', default: false },
      alone: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  })
  return {
    only: new Set(values.only.split(',').map(phaseOf)),
    seconds: numberOf('seconds', values.seconds),
    warmUpSeconds: numberOf('warm-up', values['warm-up']),
    registers: numberOf('registers', values.registers),
    customers: numberOf('customers', values.customers),
    deadLots: numberOf('dead-lots', values['dead-lots']),
    dying: numberOf('dying', values.dying),
    tried: numberOf('tried', values.tried),
    aged: values.aged === undefined ? null : numberOf('aged', values.aged),
    purchases: numberOf('purchases', values.purchases),
    telegram: values.telegram,
    rules: values.rules,
    logLevel: values['log-level'],
    apiFlags: values['api-flags'].split(' ').filter((flag) => flag !== ''),
    profile: values.profile,
    alone: values.alone,
    json: values.json,
  }
}

function phaseOf(name: string): PhaseName {
  const phase = phaseNames.find((known) => known === name.trim())
  if (!phase) throw new Error(`There is no phase "${name}".`)
  return phase
}

function numberOf(name: string, text: string): number {
  const value = Number(text)
  if (!(value > 0)) throw new Error(`--${name} must be a number above 0, not "${text}".`)
  return value
}
