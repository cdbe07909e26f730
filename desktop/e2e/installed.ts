import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { faultsOf, versionOf } from '../../build/package/inspect.ts'
import { openChain } from './chain.ts'
import { openPage } from './devtools.ts'

// npm run test:installed -- --from <folder> --to <folder>: the folders of two packages of the kiosk, an older and a newer one.
// On a real Windows without a kiosk: installs the older, sees it update itself to the newer from a cloud, and removes it.
// It needs Windows, so it has not been run where this was written; each step says what it saw.

const { LOCALAPPDATA = '', APPDATA = '' } = process.env
const PROGRAM = join(LOCALAPPDATA, 'Programs', 'kopilka')
const DATA = join(APPDATA, 'Kopilka')
const UPDATES = join(LOCALAPPDATA, 'kopilka-updater')
const PORT = 9339
const WITHIN_MS = 10 * 60_000

if (process.platform !== 'win32') {
  console.log('SKIPPED: this is not Windows')
} else if (existsSync(PROGRAM) || existsSync(DATA)) {
  console.log(`FAILED: there is a kiosk on this machine already (${PROGRAM}, ${DATA})`)
  process.exitCode = 1
} else {
  const { values } = parseArgs({ options: { from: { type: 'string' }, to: { type: 'string' } } })
  const { from, to } = values
  if (!from || !to) throw new Error('Name --from and --to: the folders of an older and a newer package.')
  await walkThrough(resolve(from), resolve(to))
  console.log('PASSED: installed, updated itself, and removed')
}

async function walkThrough(from: string, to: string): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'kopilka-installed-'))
  const chain = await openChain(join(root, 'cloud'))
  try {
    await run(installerIn(from), '/S')
    check('the older version is installed', versionInstalled() === versionOf(join(from, 'win-unpacked')))
    check('what was installed is sound', (await faultsOf(PROGRAM)).join(', ') === '')

    const older = versionInstalled()
    const newer = versionOf(join(to, 'win-unpacked'))
    start(`--cloud=${chain.url}`, `--code=${chain.pairingCode()}`, `--exchange=${join(root, 'exchange')}`)
    await until('the cloud hears of the older version', () => chain.versionSeen() === older)
    check('it starts with Windows', startsWithWindows())

    chain.publish(to)
    await updateNow()
    await until('the newer version is installed', () => versionInstalled() === newer)
    await until('the cloud hears of the newer version', () => chain.versionSeen() === newer)
    check('what was installed is sound', (await faultsOf(PROGRAM)).join(', ') === '')
    check('it still starts with Windows', startsWithWindows())
    check('the journal was kept', existsSync(join(DATA, 'outbox.sqlite')))

    await run(join(PROGRAM, 'Uninstall Kopilka.exe'), '/S')
    await until('the program is removed', () => !existsSync(join(PROGRAM, 'Kopilka.exe')))
    await until('it no longer starts with Windows', () => !startsWithWindows())
    await until('its updates are removed', () => !existsSync(UPDATES))
    check('the journal outlives the program', existsSync(join(DATA, 'outbox.sqlite')))
  } finally {
    await chain.close()
    rmSync(root, { recursive: true, force: true })
  }
}

/** As the button in the settings does: it looks, fetches and installs. By itself a kiosk may have looked already. */
async function updateNow(): Promise<void> {
  const page = await openPage(PORT, WITHIN_MS)
  await until('an update that IT asks for is begun', async () => {
    const reply = await page.evaluate<{ ok: boolean }>('window.kopilka.installUpdate({})')
    return reply.ok
  })
  page.close()
}

function installerIn(folder: string): string {
  const name = readdirSync(folder).find((name) => name.endsWith('.exe'))
  if (!name) throw new Error(`There is no installer in ${folder}.`)
  return join(folder, name)
}

const versionInstalled = () => versionOf(PROGRAM)

function startsWithWindows(): boolean {
  const key = 'HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run'
  return spawnSync('reg', ['query', key, '/v', 'Kopilka']).status === 0
}

/** With no data folder named: what the installer starts after an update has none either. */
function start(...args: string[]): void {
  const all = ['--window=normal', `--remote-debugging-port=${PORT}`, ...args]
  spawn(join(PROGRAM, 'Kopilka.exe'), all, { detached: true, stdio: 'ignore' }).unref()
}

async function run(program: string, ...args: string[]): Promise<void> {
  const [code] = await once(spawn(program, args, { stdio: 'ignore' }), 'close')
  if (code !== 0) throw new Error(`${program} ended with ${code}`)
}

async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + WITHIN_MS
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`Not within ten minutes: ${what}`)
    await pause(2000)
  }
  console.log(`ok  ${what}`)
}

function check(what: string, isSo: boolean): void {
  if (!isSo) throw new Error(`Not so: ${what}`)
  console.log(`ok  ${what}`)
}
