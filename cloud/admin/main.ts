import { readConfig } from '../config.ts'
import { auditCommands } from './audit.ts'
import { runCommandLine } from './commandLine.ts'
import { customerCommands } from './customers.ts'
import { discrepancyCommands } from './discrepancies.ts'
import { fleetCommands } from './fleet.ts'
import { itCommands } from './itAccounts.ts'
import { jobCommands } from './jobs.ts'
import { registerCommands } from './registers.ts'
import { settingsCommands } from './settings.ts'
import { storeCommands } from './stores.ts'

const commands = {
  ...storeCommands,
  ...registerCommands,
  ...fleetCommands,
  ...itCommands,
  ...customerCommands,
  ...discrepancyCommands,
  ...auditCommands,
  ...settingsCommands,
  ...jobCommands,
}

process.exitCode = await runCommandLine(commands, {
  args: process.argv.slice(2),
  config: () => readConfig(process.env),
  print: { out: console.log, error: console.error },
})
