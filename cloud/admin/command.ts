import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { type core, z } from 'zod'
import { shownLines } from '../../shared/text.ts'
import { type Act, type Around, InputError, perform } from '../acts/act.ts'
import type { Sql } from '../database/connect.ts'
import type { Staff } from '../ledger/account.ts'
import type { FileStore } from '../updates/fileStore.ts'

/** What every command works with. */
export interface House extends Around {
  who: Staff & { type: 'admin' }
  sql: Sql
  /** The folder of what the cloud keeps outside of the database. */
  dataDir: string
  /** The list of erasures outside of the database. */
  erasuresFile: string
  /** Of the shops. */
  timeZone: string
  /** Where people reach the cloud. */
  publicUrl: string
  /** Where the files of the kiosk's releases lie. */
  updates: FileStore
  /** Says at once what the person at the keyboard should know; it is no part of the result. */
  warn: (text: string) => void
  /** Shows a result before the command has ended, for one that goes on. */
  show: (result: unknown, text: string) => void
}

export interface Printed {
  result: unknown
  text: string
  exitCode: number
}

export interface Command {
  usage: string
  /** The command works on the database as it is; for all others the schema is brought up to date first. */
  isSchemaLeft: boolean
  /** Reads the words after the command's name; what is wrong with them is said before any work is done. */
  prepare(args: string[]): (house: House) => Promise<Printed>
}

/** The work failed in a way that does not tell whether it was done; the message says how to ask again. */
export class UncertainError extends Error {
  override name = 'UncertainError'
  override readonly cause: Error

  constructor(message: string, cause: Error) {
    super(message)
    this.cause = cause
  }
}

interface Definition<Input extends z.ZodObject, Result> {
  /** `store add --name <name>`: also the name of the command. */
  usage: string
  /** What each option means; a boolean one is a flag. */
  input: Input
  /** The inputs that are given by their place instead of by name. */
  positionals?: (keyof z.input<Input> & string)[]
  isSchemaLeft?: boolean
  run: (house: House, input: z.output<Input>) => Promise<Result>
  text: (result: Result) => string
  exitCode?: (result: Result) => number
}

export function command<Input extends z.ZodObject, Result>(definition: Definition<Input, Result>): Command {
  const { usage, input: schema, positionals = [], isSchemaLeft = false, run, text, exitCode } = definition
  const names = Object.keys(schema.shape).filter((name) => !positionals.includes(name))
  const options: ParseArgsOptionsConfig = {}
  for (const name of names) options[name] = { type: typeOf(schema.shape[name]) }

  return {
    usage,
    isSchemaLeft,
    prepare(args) {
      const given = readWords(args, options)
      if (given.positionals.length > positionals.length)
        throw new InputError(`"${given.positionals[positionals.length]}" is one word too many.`)
      const placed = positionals.slice(0, given.positionals.length)
      const byPlace = Object.fromEntries(placed.map((name, index) => [name, given.positionals[index]]))
      const input = schema.safeParse({ ...given.values, ...byPlace })
      if (!input.success) throw new InputError(faultsOf(input.error, positionals))
      return async (house) => {
        const result = await run(house, input.data)
        return { result, text: shownLines(text(result)), exitCode: exitCode?.(result) ?? 0 }
      }
    },
  }
}

type Face<Input extends z.ZodObject, Result> = Omit<Definition<Input, Result>, 'input' | 'run'>

/** An act as a command: its input are the options, and its result is what is shown. */
export function commandOf<Input extends z.ZodObject, Result>(
  act: Act<Input, Result>,
  face: Face<Input, Result>,
): Command {
  return command({ ...face, input: act.input, run: async (house, input) => await perform(act, input, house) })
}

const typeOf = (schema: core.$ZodType | undefined) =>
  z.safeParse(schema ?? z.never(), true).success ? 'boolean' : 'string'

function readWords(args: string[], options: ParseArgsOptionsConfig) {
  try {
    return parseArgs({ args: joinNegative(args), options, allowPositionals: true })
  } catch (error) {
    throw new InputError((error as Error).message.replace(/ To specify a positional.*/, ''))
  }
}

/** parseArgs takes the -50 of `--points -50` for an option; people do write it so. */
function joinNegative(args: string[]): string[] {
  const joined: string[] = []
  for (const arg of args) {
    const before = joined.at(-1)
    if (/^-\d/.test(arg) && before && /^--\w+$/.test(before)) joined[joined.length - 1] = `${before}=${arg}`
    else joined.push(arg)
  }
  return joined
}

function faultsOf(error: z.ZodError, positionals: string[]): string {
  const faults = error.issues.map((issue) => {
    const name = String(issue.path[0] ?? '')
    const shown = positionals.includes(name) ? `<${name}>` : `--${name}`
    const isMissing = issue.code === 'invalid_type' && issue.input === undefined
    return name ? `${shown} ${isMissing ? 'is missing' : `cannot be used: ${issue.message}`}` : issue.message
  })
  return `${faults.join('; ')}.`
}
