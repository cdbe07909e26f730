import { z } from 'zod'
import { findProgramme, programmeInput } from '../acts/programmes.ts'
import { keyInput, readAllSettings, type Settings, setSetting } from '../acts/settings.ts'
import { readRules } from '../ledger/programme.ts'
import { type Command, command, commandOf, type House } from './command.ts'
import { table } from './print.ts'

const getInput = z.strictObject({ key: keyInput.optional(), programme: programmeInput })

export async function getSettings(
  { sql, now }: House,
  { key, programme }: z.output<typeof getInput> = {},
): Promise<Settings> {
  const { id: programmeId } = await findProgramme(sql, programme)
  const rules = await readRules(sql, { programmeId, since: now })
  const settings = await readAllSettings(sql, rules, { programmeId, now })
  return key === undefined ? settings : { [key]: settings[key] }
}

const text = (settings: Settings) => table(['setting', 'value'], Object.entries(settings))

export const settingsCommands: Record<string, Command> = {
  'settings get': command({
    usage: 'settings get [<key>] [--programme <id or name>]',
    input: getInput,
    positionals: ['key'],
    run: getSettings,
    text,
  }),
  'settings set': splitEquals(
    commandOf(setSetting, {
      usage: 'settings set <key> <value> [--programme <id or name>]',
      positionals: ['key', 'value'],
      text,
    }),
  ),
}

/** `settings set key=value` means the same. */
function splitEquals(command: Command): Command {
  return {
    ...command,
    prepare: (args) => command.prepare(args.flatMap((arg) => (/^\w+=/.test(arg) ? arg.split('=') : arg))),
  }
}
