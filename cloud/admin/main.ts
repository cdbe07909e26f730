import { readConfig } from '../config.ts'
import { auditCommands } from './audit.ts'
import { backupCommands } from './backup.ts'
import { runCommandLine } from './commandLine.ts'
import { customerCommands } from './customers.ts'
import { discrepancyCommands } from './discrepancies.ts'
import { fleetCommands } from './fleet.ts'
import { itCommands } from './itAccounts.ts'
import { jobCommands } from './jobs.ts'
import { notificationCommands } from './notifications.ts'
import { registerCommands } from './registers.ts'
import { releaseCommands } from './releases.ts'
import { settingsCommands } from './settings.ts'
import { storeCommands } from './stores.ts'

const commands = {
  ...storeCommands,
  ...registerCommands,
  ...releaseCommands,
  ...fleetCommands,
  ...itCommands,
  ...customerCommands,
  ...discrepancyCommands,
  ...auditCommands,
  ...settingsCommands,
  ...jobCommands,
  ...backupCommands,
  ...notificationCommands,
}

process.exitCode = await runCommandLine(commands, {
  args: process.argv.slice(2),
  config: () => readConfig(process.env),
  print: { out: console.log, error: console.error },
})
