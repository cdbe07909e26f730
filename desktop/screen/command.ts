import { z } from 'zod'
import { type CommandName, commandSchemas, type RegisterApi } from '../../shared/bridge.ts'

const names = Object.keys(commandSchemas) as [CommandName, ...CommandName[]]
export const commandNameSchema = z.enum(names)

/** Runs what a screen asked for: the command parses its own input, and what comes back is always a value. */
export function runCommand(register: RegisterApi, name: CommandName, input: unknown): Promise<unknown> {
  const command = register[name] as (input: unknown) => Promise<unknown>
  return command(input)
}
