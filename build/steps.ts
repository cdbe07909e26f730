import { spawn } from 'node:child_process'
import { join } from 'node:path'

/** `program`: a tool inside node_modules; `script`: one of ours. Both run with the Node that runs us. */
export type Step = { name: string; args: string[]; env?: Record<string, string> } & (
  | { program: string }
  | { script: string }
)
export type Tally = { passed: number; failed: number }

const ROOT = join(import.meta.dirname, '..')

/** Shows the output of a step only when it failed, and then all of it. */
export async function runStep(step: Step): Promise<Tally> {
  const began = performance.now()
  const { ok, output } = await run(step)
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  console.log(`${ok ? 'ok  ' : 'FAIL'}  ${step.name} (${seconds} s)`)
  if (!ok) console.log(`\n${output.trim()}\n`)
  return ok ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

/** Of vitest's JSON report; a run that crashed has none, and its step has failed already. */
export function tallyOf(report: string): Tally {
  if (!report) return { passed: 0, failed: 0 }
  const { numPassedTests, numFailedTests } = JSON.parse(report) as Record<string, number>
  return { passed: numPassedTests ?? 0, failed: numFailedTests ?? 0 }
}

/** Of Playwright's JSON report; a test that passed at its second try has not passed. */
export function tallyOfBrowser(report: string): Tally {
  if (!report) return { passed: 0, failed: 0 }
  const { stats } = JSON.parse(report) as { stats: Record<'expected' | 'unexpected' | 'flaky', number> }
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky }
}

function run(step: Step): Promise<{ ok: boolean; output: string }> {
  const file = 'script' in step ? join(ROOT, step.script) : join(ROOT, 'node_modules', step.program)
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file, ...step.args], {
      cwd: ROOT,
      env: { ...plain(process.env), ...step.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
    child.on('error', reject)
    child.on('close', (code) => resolve({ ok: code === 0, output }))
  })
}

/** What is shown later, perhaps in a log file, carries no colours. */
function plain({ FORCE_COLOR, ...env }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...env, NO_COLOR: '1' }
}
