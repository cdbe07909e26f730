import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isMade, makeMachine, runNode, stopMachine, whyNot, windowsPath } from './machine.ts'

// npm run test:wine: the unit tests of the register and the kiosk in Windows' own Node, and 1C and the register as two
// Windows programs on one folder. Wine stands in for Windows: its share modes are real, its disk is this one's.

const ROOT = join(import.meta.dirname, '../..')
const began = performance.now()
const seconds = () => `${((performance.now() - began) / 1000).toFixed(0)} s`

const problem =
  whyNot() ??
  (process.argv.includes('--if-made') && !isMade()
    ? 'its Windows is not made yet: npm run test:wine makes it'
    : makeIfMissing())
if (problem !== null) console.log(`SKIPPED: ${problem}`)
else await test()

function makeIfMissing(): string | null {
  const wasMade = isMade()
  try {
    makeMachine((what) => console.log(`making: ${what} (${seconds()})`))
    if (!wasMade) console.log(`made in ${seconds()}`)
    return null
  } catch (error) {
    return `it cannot be had: ${error instanceof Error ? error.message : error}`
  }
}

async function test(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'kopilka-wine-'))
  try {
    const isSound = await unitTests(folder)
    const isUndisturbed = await twoPrograms(folder)
    console.log(`${isSound && isUndisturbed ? 'PASSED' : 'FAILED'} in ${seconds()}`)
    if (!isSound || !isUndisturbed) process.exitCode = 1
  } finally {
    stopMachine()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function unitTests(folder: string): Promise<boolean> {
  const output = join(folder, 'tests.txt')
  // Within the project, which both systems see: the folder for temporary files is one of ours.
  const code = await runNode(
    [
      windowsPath(join(ROOT, 'node_modules/vitest/vitest.mjs')),
      ...['run', '--project', 'unit', '--silent=passed-only', '--reporter=dot', 'desktop', 'shared'],
    ],
    output,
  )
  const text = readFileSync(output, 'utf8')
  if (code !== 0) console.log(text)
  console.log(
    `unit tests on Windows:${/ +Tests +(.*)/.exec(text)?.[1] ?? ` ended with ${code}`} (${seconds()})`,
  )
  return code === 0
}

async function twoPrograms(folder: string): Promise<boolean> {
  const program = windowsPath(join(ROOT, 'build/wine/twoPrograms.ts'))
  const outputs = ['watch', 'write'].map((role) => join(folder, `${role}.txt`))
  const codes = await Promise.all(
    ['watch', 'write'].map((role, index) => runNode([program, role], outputs[index] ?? '')),
  )
  const [watched = '', written = ''] = outputs.map((path) =>
    readFileSync(path, 'utf8').trim().replaceAll('\n', ' '),
  )
  console.log(`1C and the register on one folder: ${written} ${watched} (${seconds()})`)
  return (
    codes.every((code) => code === 0) &&
    written.includes('complaints: []') &&
    watched.includes('the last one: true')
  )
}
