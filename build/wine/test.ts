import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openTemporaryPostgres } from '../../cloud/database/temporary.ts'
import { openTestServers } from '../../cloud/database/testServers.ts'
import { openCloud } from '../../simulate/cloud.ts'
import { holdSecondsOf } from '../../simulate/day.ts'
import { openMachine, whyNoMachine } from './machine.ts'
import { salesOptions } from './salesOptions.ts'
import { thisWindows, type Windows } from './windows.ts'

// npm run test:wine: the tests of the kiosk in Windows' own Node, 1C and the register as two programs on one folder, and a day of
// sales with a virus scanner between them. On Windows itself, or under Wine: its share modes are real, its disk is this one's.
// The cloud and its Postgres run on this system.

const ROOT = join(import.meta.dirname, '../..')
const began = performance.now()
const problem = process.platform === 'win32' ? null : whyNoMachine(process.argv.includes('--if-made'))
if (problem !== null) console.log(`SKIPPED: ${problem}`)
else if (!(await test(process.platform === 'win32' ? thisWindows : openMachine()))) process.exitCode = 1

async function test(windows: Windows): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'kopilka-wine-'))
  try {
    const parts = { unitTests, databaseTests, twoPrograms, sales }
    const isSound: boolean[] = []
    for (const part of Object.values(parts)) isSound.push(await part(windows, folder))
    const passed = isSound.every(Boolean)
    console.log(`${passed ? 'PASSED' : 'FAILED'} (${((performance.now() - began) / 1000).toFixed(0)} s)`)
    return passed
  } finally {
    windows.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function unitTests(windows: Windows, folder: string): Promise<boolean> {
  return await vitest(windows, join(folder, 'unit.txt'), { project: 'unit', paths: ['desktop', 'shared'] })
}

async function databaseTests(windows: Windows, folder: string): Promise<boolean> {
  const { databases, stop } = await openTestServers(2)
  try {
    const env = { KOPILKA_TEST_DATABASES: JSON.stringify(databases) }
    const what = { project: 'database', paths: ['desktop/register'], env }
    return await vitest(windows, join(folder, 'database.txt'), what)
  } finally {
    await stop()
  }
}

async function vitest(
  windows: Windows,
  output: string,
  { project, paths, env }: { project: string; paths: string[]; env?: Record<string, string> },
): Promise<boolean> {
  const started = performance.now()
  const program = windows.path(join(ROOT, 'node_modules/vitest/vitest.mjs'))
  const how = ['run', '--project', project, '--silent=passed-only', '--reporter=dot']
  const code = await windows.run(windows.node, [program, ...how, ...paths], output, env)
  const text = readFileSync(output, 'utf8')
  if (code !== 0) console.log(text)
  const tally = / +Tests +(.*)/.exec(text)?.[1] ?? `ended with ${code}`
  report(`tests of ${paths.join(' and ')} (${project})`, tally, started)
  return code === 0
}

async function twoPrograms(windows: Windows, folder: string): Promise<boolean> {
  const started = performance.now()
  const program = windows.path(join(ROOT, 'build/wine/twoPrograms.ts'))
  const outputs = ['watch', 'write'].map((role) => join(folder, `${role}.txt`))
  const codes = await Promise.all(
    ['watch', 'write'].map((role, index) => windows.run(windows.node, [program, role], outputs[index] ?? '')),
  )
  const [watched = '', written = ''] = outputs.map((path) =>
    readFileSync(path, 'utf8').trim().replaceAll('\n', ' '),
  )
  report('1C and the register on one folder', `${written} ${watched}`, started)
  return (
    codes.every((code) => code === 0) &&
    written.includes('complaints: []') &&
    watched.includes('the last one: true')
  )
}

async function sales(windows: Windows, folder: string): Promise<boolean> {
  const started = performance.now()
  await using closers = new AsyncDisposableStack()
  const postgres = await openTemporaryPostgres()
  closers.defer(() => postgres.stop())
  const databaseUrl = postgres.url
  const cloud = await openCloud({ databaseUrl, holdSeconds: holdSecondsOf(salesOptions.takeMs), closers })
  const output = join(folder, 'sales.txt')
  const program = windows.path(join(ROOT, 'build/wine/sales.ts'))
  const code = await windows.run(windows.node, [program, databaseUrl, cloud.url()], output)
  const text = readFileSync(output, 'utf8').trim()
  const last = text.split('\n').at(-1) ?? ''
  if (code !== 0 || !last.startsWith('{')) {
    console.log(text)
    report('sales with a scanner', `ended with ${code}`, started)
    return false
  }
  const told = JSON.parse(last) as Record<string, number> & { broken: string[] }
  if (told.broken.length > 0) console.log(text)
  report(
    'sales with a scanner',
    `${told.sales} sales, 1C took ${told.taken} discounts: ${told.given} points given, ${told.spent} spent; the scanner held ` +
      `${told.scanned} files, ${told.held} of ${told.calls} calls of 1C met a file that somebody had; ` +
      `${told.broken.length} of ${told.checks} things that must hold do not`,
    started,
  )
  return told.broken.length === 0 && told.given === told.spent && (told.scanned ?? 0) > 0
}

function report(what: string, text: string, since: number): void {
  console.log(`${what}: ${text} (${((performance.now() - since) / 1000).toFixed(0)} s)`)
}
