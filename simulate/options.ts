import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'

export interface Options {
  seed: string
  registers: number
  sales: number
  customers: number
  /** After so many no sale begins any more. */
  minutes: number
  /** How long a discount is offered to 1C; everything that people and 1Cs do is scaled with it. */
  takeMs: number
  /** Another checkout, whose registers sell at this cloud. */
  registersFrom: string
}

/** The checkout that this is a part of. */
export const thisVersion = join(import.meta.dirname, '..')

export const usage = `npm run simulate -- [options]: a day of sales, with everything that goes wrong on one
  --seed S        decides what happens (a new one every time)
  --registers N   tills, each a process with a 1C of its own (5)
  --sales N       of all of them together (2000)
  --customers N   who come again and again (300)
  --minutes N     no sale begins after that (10)
  --take-ms N     how long a discount is offered to 1C: 5000 is real time (400)
  --registers-from FOLDER   tills of another version: a checkout of it, installed
  --virtual       many days instead, in virtual time: its own options with --virtual --help`

export function readOptions(args: string[], newSeed: () => string): Options {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    args,
    options: {
      ...{ seed: text, registers: text, sales: text, customers: text, minutes: text, 'take-ms': text },
      'registers-from': { ...text, default: thisVersion },
    },
  })
  return {
    seed: values.seed ?? newSeed(),
    registers: number('registers', values.registers ?? '5'),
    sales: number('sales', values.sales ?? '2000'),
    customers: number('customers', values.customers ?? '300'),
    minutes: number('minutes', values.minutes ?? '10'),
    takeMs: number('take-ms', values['take-ms'] ?? '400'),
    registersFrom: resolve(values['registers-from']),
  }
}

/** Reads what an option says, which is above nought. */
export function number(name: string, text: string, { isWhole = false } = {}): number {
  const value = Number(text)
  if (value > 0 && (Number.isInteger(value) || !isWhole)) return value
  throw new Error(`--${name} must be a ${isWhole ? 'whole ' : ''}number above 0, not "${text}".`)
}
