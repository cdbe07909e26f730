import { parseArgs } from 'node:util'

export interface Options {
  seed: string
  seconds: number
  /** Only this one of the seed's inputs, changed so many times. */
  only: { input: number; rounds: number | undefined } | null
}

export const usage = `npm run fuzz -- [options]: everything that is read, with what nobody should send
  --seed S        decides what is sent: the same seed sends the same (a new one every time)
  --seconds N     so long (60)
  --input N       only the Nth of the seed's inputs, as a finding names it
  --rounds N      with so few changes`

export function readOptions(args: string[], newSeed: () => string): Options {
  const text = { type: 'string' } as const
  const { values } = parseArgs({ args, options: { seed: text, seconds: text, input: text, rounds: text } })
  const number = (name: string, value: string) => {
    if (!/^\d+$/.test(value)) throw new Error(`--${name} must be a whole number, not "${value}".`)
    return Number(value)
  }
  const { input, rounds } = values
  return {
    seed: values.seed ?? newSeed(),
    seconds: number('seconds', values.seconds ?? '60'),
    only:
      input === undefined
        ? null
        : {
            input: number('input', input),
            rounds: rounds === undefined ? undefined : number('rounds', rounds),
          },
  }
}
