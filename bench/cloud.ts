import { understood } from '../build/command/commandLine.ts'
import { closeAfter } from '../build/command/interrupt.ts'
import { runAudit } from '../cloud/ledger/audit.ts'
import type { Finding } from './findings.ts'
import { createLimit } from './limit.ts'
import { describeMachine } from './machine.ts'
import { readOptions, usage } from './options.ts'
import { phases } from './phases.ts'
import { printReport, say } from './print.ts'
import { profileOf } from './profile.ts'
import { goByRules } from './rules.ts'
import { setStage } from './stage.ts'

const options = understood(usage, () => readOptions(process.argv.slice(2)))

await closeAfter(async (closers) => {
  const stage = await setStage(options, closers)
  if (options.rules) await goByRules(stage)
  const limit = createLimit(stage)
  const findings: Finding[] = []
  for (const [name, run] of phases) {
    if (!options.only.has(name)) continue
    say(`${name} …`)
    try {
      findings.push(...(await run(stage, limit)))
    } catch (error) {
      // The findings of the other phases took minutes: they are printed all the same.
      say(`${name} failed: ${error instanceof Error ? error.message : error}`)
      process.exitCode = 1
    }
  }
  say('audit …')
  const violations = await runAudit(stage.sql)
  const machine = await describeMachine(stage, limit.by)
  const profile = options.profile ? await profileOf(stage) : undefined
  printReport({ findings, violations, machine, profile }, options)
})
