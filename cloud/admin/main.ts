import { readConfig } from '../config.ts'
import { runCommandLine } from './commandLine.ts'
import { commands } from './commands.ts'

process.exitCode = await runCommandLine(commands, {
  args: process.argv.slice(2),
  config: () => readConfig(process.env),
  print: { out: console.log, error: console.error },
})
