import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runStep, type Step, type Tally, tallyOf, tallyOfBrowser } from './steps.ts'

// npm test: every check of the project; the last line tells how many passed and failed.

const workspace = await mkdtemp(join(tmpdir(), 'kopilka-check-'))
const report = join(workspace, 'tests.json')
const browserReport = join(workspace, 'browser.json')
// Hundreds of processes load the same files: workers, registers, clouds.
const env = { NODE_COMPILE_CACHE: join(workspace, 'compiled') }

const checks: Step[] = [
  { name: 'types', program: 'typescript/bin/tsc', args: [] },
  { name: 'types of the screen', program: 'typescript/bin/tsc', args: ['-p', 'desktop/renderer'] },
  { name: 'types of the display', program: 'typescript/bin/tsc', args: ['-p', 'desktop/display'] },
  { name: 'types of the Mini App', program: 'typescript/bin/tsc', args: ['-p', 'cloud/portal'] },
  { name: 'types of the console', program: 'typescript/bin/tsc', args: ['-p', 'cloud/console/app'] },
  {
    name: 'lint and format',
    program: '@biomejs/biome/bin/biome',
    args: ['ci', '--error-on-warnings', '--colors=off'],
  },
  { name: 'lock file', script: 'build/lock.ts', args: [] },
  { name: 'import directions', script: 'build/imports.ts', args: [] },
  { name: 'dead code and unused dependencies', program: 'knip/bin/knip.js', args: ['--no-progress'] },
  { name: 'schema drift', script: 'build/schema.ts', args: ['--check'] },
]

const tests: Step[] = [
  {
    name: 'tests',
    program: 'vitest/vitest.mjs',
    args: [
      'run',
      '--reporter=minimal',
      '--silent=passed-only',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    env,
  },
  {
    name: 'tests in the browser',
    program: '@playwright/test/cli.js',
    // A trace is for who has the folder it lies in, and costs a quarter of all the time.
    args: ['test', '--trace=off', '--reporter=./build/browserReport.ts,json'],
    env: { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: browserReport },
  },
]

const tally: Tally = { passed: 0, failed: 0 }
// The tests have workers of their own; of the checks two at a time leave no core idle.
const waiting = checks.values()
await Promise.all([inTurn(waiting), inTurn(waiting)])
await inTurn(tests.values())
add(tallyOf(await readFile(report, 'utf8').catch(() => '')))
add(tallyOfBrowser(await readFile(browserReport, 'utf8').catch(() => '')))
await rm(workspace, { recursive: true, maxRetries: 5 })

if (tally.failed > 0) process.exitCode = 1
console.log(`${tally.passed} passed, ${tally.failed} failed`)

async function inTurn(steps: Iterable<Step>): Promise<void> {
  for (const step of steps) add(await runStep(step))
}

function add({ passed, failed }: Tally): void {
  tally.passed += passed
  tally.failed += failed
}
