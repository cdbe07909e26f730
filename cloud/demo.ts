import { readConfig } from './config.ts'
import { describeDemo } from './demo/describe.ts'
import { seedDemo } from './demo/seed.ts'
import { createLog } from './log.ts'
import { runUntilStopped } from './run.ts'

try {
  const config = readConfig(process.env)
  await runUntilStopped(config, createLog(config.logLevel), async ({ sql, url }) => {
    const demo = await seedDemo(sql, { now: Date.now(), dataDir: config.dataDir })
    console.log(describeDemo(demo, url))
  })
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
