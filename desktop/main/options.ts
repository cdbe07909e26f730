import { app, dialog } from 'electron'
import { z } from 'zod'
import {
  FLAGS,
  readOptions,
  registerOptions,
  registerUsage,
  type WithKey,
} from '../register/commandLine/options.ts'
import { windowKindSchema } from './windowKind.ts'

const shellOptions = registerOptions.extend({
  data: z.string().min(1).optional(),
  window: windowKindSchema.optional(),
})
export type ShellOptions = WithKey<typeof shellOptions>

/** What the command line says; where it cannot be understood, says so and ends. */
export function readShellOptions(argv: string[]): ShellOptions | null {
  const read = readOptions(shellOptions, ownArguments(argv, Object.keys(shellOptions.shape)))
  if ('options' in read) return read.options
  dialog.showErrorBox(
    'Kopilka',
    `${read.problem}\n\n${registerUsage}\n  --window     kiosk (the whole screen), normal, companion-left or companion-right (a column beside 1C); kept until it is said anew`,
  )
  app.exit(2)
  return null
}

/** Without what Electron, Chromium, the installer and Windows put between: a till must start all the same. */
function ownArguments(argv: string[], names: string[]): string[] {
  return argv.flatMap((argument, index) => {
    const name = /^--([a-z-]+)/.exec(argument)?.[1]
    if (name === undefined || !names.includes(name)) return []
    const isWhole = argument.includes('=') || FLAGS.includes(name)
    return isWhole ? [argument] : argv.slice(index, index + 2)
  })
}
