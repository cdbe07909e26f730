import { userInfo } from 'node:os'
import { shownJson, shownLines } from '../../shared/text.ts'
import { openVoucherKey } from '../access/voucherKey.ts'
import { ActError, InputError } from '../acts/act.ts'
import type { Config } from '../config.ts'
import { openDatabase } from '../database/open.ts'
import { isOutage } from '../database/outage.ts'
import { openFileStore } from '../updates/openFileStore.ts'
import { type Command, type House, type Printed, UncertainError } from './command.ts'

type Commands = Record<string, Command>
type Print = { out: (text: string) => void; error: (text: string) => void }

/** Does what the words say and answers with the exit code: 0 done, 1 not done, 2 not understood. */
export async function runCommandLine(
  commands: Commands,
  { args, config, print }: { args: string[]; config: () => Config; print: Print },
): Promise<number> {
  const isJson = args.includes('--json')
  const words = args.filter((arg) => arg !== '--json')
  const json = (value: unknown) => shownJson(JSON.stringify(value))
  const show = (result: unknown, text: string) => print.out(isJson ? json(result) : text)
  const complain = (code: string, message: string) =>
    print.error(isJson ? json({ error: { code, message } }) : shownLines(message))
  const warn = (warning: string) =>
    print.error(isJson ? json({ warning }) : shownLines(`Warning: ${warning}`))

  if (words.length === 0 || words.includes('--help')) {
    print.out(usageOf(commands, words))
    return words.length === 0 ? 2 : 0
  }
  const found = findCommand(commands, words)
  if (!found) {
    complain('usage', `There is no such command. ${usageOf(commands, words)}`)
    return 2
  }
  try {
    const execute = found.command.prepare(found.rest)
    const { result, text, exitCode } = await inHouse(config(), { ...found.command, warn, show }, execute)
    show(result, text)
    return exitCode
  } catch (error) {
    if (error instanceof InputError) {
      complain('usage', `${error.message}\nUsage: npm run --silent admin -- ${found.command.usage} [--json]`)
      return 2
    }
    if (error instanceof ActError) {
      if (error.result !== undefined && isJson) print.out(json(error.result))
      complain(error.code, error.message)
      return 1
    }
    complain(...failureOf(error as Error))
    return 1
  }
}

function findCommand(commands: Commands, words: string[]) {
  for (const length of [2, 1]) {
    const command = commands[words.slice(0, length).join(' ')]
    if (command) return { command, rest: words.slice(length) }
  }
  return null
}

/** All commands, or those of the resource that was named. */
function usageOf(commands: Commands, [resource]: string[]): string {
  const all = Object.values(commands).map(({ usage }) => usage)
  const ofResource = all.filter((usage) => usage.split(' ')[0] === resource)
  const lines = (ofResource.length > 0 ? ofResource : all).map((usage) => `  ${usage}`)
  return `Usage: npm run --silent admin -- <command> [--json]\n${lines.join('\n')}`
}

async function inHouse(
  config: Config,
  { isSchemaLeft, warn, show }: Pick<Command, 'isSchemaLeft'> & Pick<House, 'warn' | 'show'>,
  execute: (house: House) => Promise<Printed>,
): Promise<Printed> {
  const { sql, close } = await openDatabase(config, { isSchemaLeft })
  try {
    const who = { type: 'admin' as const, name: userName() }
    const { dataDir, erasuresFile, timeZone, holdSeconds } = config
    const updates = openFileStore(config.updates)
    const botToken = config.telegram?.token ?? null
    const publicUrl = config.publicUrl ?? `http://localhost:${config.port}`
    const voucherKey = openVoucherKey(config)
    const ways = { dataDir, erasuresFile, botToken, voucherKey, timeZone, publicUrl, holdSeconds, updates }
    return await execute({ sql, now: Date.now(), who, ...ways, warn, show })
  } finally {
    await close()
  }
}

/** An account of a container may have a number and no name. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return `uid ${process.getuid?.()}`
  }
}

function failureOf(error: Error): [code: string, message: string] {
  if (error instanceof UncertainError) {
    const [code, message] = failureOf(error.cause)
    return [code, `${error.message} ${message}`]
  }
  if ('code' in error && isOutage(error)) {
    return [
      'unavailable',
      `The database is away (${error.message}): see that it runs and DATABASE_URL is right.`,
    ]
  }
  return ['failed', error.message]
}
