import { readConfig } from './config.ts'
import { buildWhereStale, type WebApp } from './http/webApps.ts'
import { createLog } from './log.ts'
import { runUntilStopped } from './run.ts'

try {
  const config = readConfig(process.env)
  const shown: WebApp[] = config.telegram ? ['console', 'portal'] : ['console']
  // The ledger must run where its pages cannot be built, in a folder that is not ours to write for one.
  for (const app of shown)
    await buildWhereStale(app, console.error).catch((error) => console.error(error.message))
  await runUntilStopped(config, createLog(config.logLevel))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
