import { buildWhereStale } from './built.ts'
import { readConfig } from './config.ts'
import { createLog } from './log.ts'
import { runUntilStopped } from './run.ts'

try {
  const config = readConfig(process.env)
  if (config.telegram) await buildWhereStale((line) => console.error(line))
  await runUntilStopped(config, createLog(config.logLevel))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
