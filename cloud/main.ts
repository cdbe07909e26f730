import { readConfig } from './config.ts'
import { createLog } from './log.ts'
import { buildWhereStale } from './portal/server/built.ts'
import { runUntilStopped } from './run.ts'

try {
  const config = readConfig(process.env)
  // The ledger must run where the Mini App cannot be built, in a folder that is not ours to write for one.
  if (config.telegram) await buildWhereStale(console.error).catch((error) => console.error(error.message))
  await runUntilStopped(config, createLog(config.logLevel))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
