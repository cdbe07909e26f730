import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openChain } from '../../desktop/e2e/chain.ts'
import { pause, systemClock } from '../../desktop/register/time/clock.ts'
import { faultsOf, versionOf } from '../package/inspect.ts'
import { openCountedWay } from './countedWay.ts'
import { kioskAt } from './kiosk.ts'
import { layKit, type Publisher } from './kit.ts'
import { type Machine, openMachine, whyNoMachine } from './machine.ts'
import { forgeRelease, installerIn, tamper } from './releases.ts'

// npm run test:installer: the whole life of an installed kiosk under Wine. npm run package makes two signed installers; the first is
// installed, enrolled and sells; it refuses updates that are unsigned, tampered with or another publisher's, takes the second one
// from a running cloud, sells again, and is removed.

const ROOT = join(import.meta.dirname, '../..')
const OURS = 'ООО Ромашка'
const THEIRS = 'ООО Лютик'
const CARD = '654321'
const MORNING_POINTS = 5000
const POINTS_A_SALE = 13
const EXCHANGE = 'C:\\loyalty'
const WITHIN_MS = 120_000
/** Of one that changes nothing but the version; a library that was signed anew would add half a megabyte. */
const MOST_OF_AN_UPDATE_BYTES = 600_000
/** What is no part of what is proven here. */
const STAND_INS = [
  "Electron's program: a launcher that runs the packaged main process in Windows' Node (no window, fuses, safe or checksum at run time)",
  'the screen: commands and snapshots over a port, by the channels of the preload',
  'PowerShell: a program that answers from WinVerifyTrust; signatures themselves are verified by Wine',
  "plugins of NSIS (StdUtils, WinShell, SpiderBanner, nsProcess, UAC): ours; nsis7z is another project's",
  'the certificate: ours, and this Windows was told to trust it',
  'Windows: Wine',
]

const began = performance.now()
const seconds = () => `${((performance.now() - began) / 1000).toFixed(0)} s`
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`
const kilobytes = (bytes: number) => `${(bytes / 1e3).toFixed(0)} kB`
const problem = whyNoMachine(process.argv.includes('--if-made'))
if (problem !== null) console.log(`SKIPPED: ${problem}`)
else await test()

async function test(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'kopilka-installer-'))
  const machine = openMachine()
  try {
    await walk(machine, folder)
    for (const standIn of STAND_INS) console.log(`stood in: ${standIn}`)
    console.log(`PASSED (${seconds()})`)
  } catch (error) {
    process.exitCode = 1
    console.error(error)
    for (const [name, text] of logsOf(machine)) console.log(`--- ${name}\n${text}`)
    console.log(`FAILED (${seconds()})`)
  } finally {
    machine.close()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function walk(machine: Machine, folder: string): Promise<void> {
  const kit = layKit(machine, join(folder, 'kit'))
  const ours = kit.publisher(OURS)
  const theirs = kit.publisher(THEIRS)
  // NSIS is a program of 32 bits, to which Windows shows another folder.
  for (const system of ['system32', 'syswow64'])
    copyFileSync(
      kit.powershell,
      join(machine.drive, `windows/${system}/WindowsPowerShell/v1.0/powershell.exe`),
    )
  for (const { certificate } of [ours, theirs])
    await run(machine, kit.trust, [machine.path(certificate)], join(folder, 'trust.txt'))
  ok('stand-ins are compiled, two publishers are trusted')

  const make = (version: string) => packageOf(machine, { folder, kit, ours, version })
  const first = make('1.0.0')
  const next = make('1.0.4')
  ok(`two installers are packaged and signed, ${megabytes(statSync(installerIn(next)).size)} each`)

  await using closers = new AsyncDisposableStack()
  const chain = await openChain(join(folder, 'cloud'))
  closers.defer(async () => void (await chain.close()))
  const way = await openCountedWay(chain.url)
  closers.defer(() => way.close())
  chain.publish(first)
  chain.addCustomer(CARD, MORNING_POINTS)

  const { program, user } = placesOf(machine)
  const port = await freePort()
  const env = {
    KOPILKA_NODE: machine.node,
    KOPILKA_SHELL: machine.path(join(import.meta.dirname, 'shell.ts')),
    KOPILKA_SCREEN_PORT: String(port),
  }
  const kiosk = kioskAt(port)
  const output = join(folder, 'kiosk.txt')
  await run(machine, installerIn(first), ['/S'], output, env)
  check('it is installed', versionOf(program) === '1.0.0')
  check('what was installed is sound', (await faultsOf(program)).join(', ') === '')
  check('there are shortcuts', shortcutsIn(user).length === 2)

  const options = [
    `--cloud=${way.url}`,
    `--code=${chain.pairingCode()}`,
    `--exchange=${EXCHANGE}`,
    '--window=normal',
  ]
  const ended = machine.run(join(program, 'Kopilka.exe'), options, output, env)
  ended.catch(() => {})
  await kiosk.until('an enrolled register', ({ cloud }) => cloud.line === 'online')
  await until('the cloud hears of it', () => chain.versionSeen() === '1.0.0')
  check('it starts with Windows', startsWithWindows(machine))
  await sellAndCompare(8)

  const installer = installerIn(next)
  await refuse('1.0.1', 'unsigned', (path) => kit.unsign(installer, path))
  await refuse('1.0.2', 'tampered with', (path) => tamper(installer, path))
  await refuse('1.0.3', `another publisher's`, (path) => {
    kit.unsign(installer, `${path}.bare`)
    kit.sign(`${path}.bare`, path, theirs)
    rmSync(`${path}.bare`)
  })

  const before = way.bytes()
  chain.publish(next)
  await askForUpdate()
  await until('the newer version is installed', () => versionOf(program) === '1.0.4')
  await until('the cloud hears of the newer version', () => chain.versionSeen() === '1.0.4')
  const took = way.bytes() - before
  check(
    `a signed update is accepted; only what differs was fetched: ${kilobytes(took)} of ${kilobytes(statSync(installer).size)}`,
    took < MOST_OF_AN_UPDATE_BYTES,
  )
  check('what was installed is sound', (await faultsOf(program)).join(', ') === '')
  check('it still starts with Windows', startsWithWindows(machine))
  await sellAndCompare(4)

  machine.command(['wineserver', '--kill', '--wait'])
  await ended
  const uninstaller = join(program, 'Uninstall Kopilka.exe')
  check('it fetched into a folder of its own', existsSync(join(user, 'Local/kopilka-updater')))
  await run(machine, uninstaller, ['/S'], output, env)
  await until('the program is removed', () => !existsSync(join(program, 'Kopilka.exe')))
  await until('no folder of updates is left', () => !existsSync(join(user, 'Local/kopilka-updater')))
  check('it no longer starts with Windows', !startsWithWindows(machine))
  check('no shortcut is left', shortcutsIn(user).length === 0)
  check('the journal outlives the program', existsSync(join(user, 'Roaming/Kopilka/outbox.sqlite')))

  async function sellAndCompare(sales: number): Promise<void> {
    const told = join(folder, `sales-${sales}.txt`)
    const spentBefore = chain.spentBy(CARD)
    const seller = machine.path(join(import.meta.dirname, 'sell.ts'))
    const what = [String(port), EXCHANGE, CARD, String(sales), String(POINTS_A_SALE)]
    await run(machine, machine.node, [seller, ...what], told)
    const { given, complaints } = JSON.parse(readFileSync(told, 'utf8').trim().split('\n').at(-1) ?? '') as {
      given: number
      complaints: string[]
    }
    const spent = chain.spentBy(CARD) - spentBefore
    check(
      `${sales} sales: 1C gave ${given} points, the ledger spent ${spent}`,
      given === spent && given === sales * POINTS_A_SALE,
    )
    check('1C has nothing to complain of', complaints.join(', ') === '')
    check('the audit finds nothing', chain.audit().length === 0)
  }

  async function refuse(version: string, what: string, layInstaller: (path: string) => void): Promise<void> {
    const release = join(folder, version)
    await forgeRelease(release, version, layInstaller)
    chain.publish(release)
    await askForUpdate()
    await kiosk.until(
      `the refusal of ${version}`,
      ({ update }) => update?.version === version && update.problem === 'not_verified',
    )
    chain.pull(version)
    check(`an update that is ${what} is refused`, versionOf(program) === '1.0.0')
  }

  /** As the button in the settings does. */
  async function askForUpdate(): Promise<void> {
    await until('an update that IT asks for is begun', async () => (await kiosk.call('installUpdate', {})).ok)
  }
}

/** What npm run package makes of this version, signed by us. */
function packageOf(
  machine: Machine,
  {
    folder,
    kit,
    ours,
    version,
  }: { folder: string; kit: ReturnType<typeof layKit>; ours: Publisher; version: string },
): string {
  const output = join(folder, `package-${version}`)
  machine.command(
    [
      ...[
        process.execPath,
        join(ROOT, 'build/package.ts'),
        '--publisher',
        ours.subject,
        '--version',
        version,
      ],
      ...['--electron', kit.electron, '--output', output, '--signed', join(folder, 'signed')],
    ],
    { ...kit.environment, ...kit.signedBy(ours) },
  )
  return output
}

function placesOf({ drive }: Machine) {
  const user = join(drive, 'users/root')
  return { user: join(user, 'AppData'), program: join(user, 'AppData/Local/Programs/kopilka') }
}

function shortcutsIn(user: string): string[] {
  const folders = [join(user, 'Roaming/Microsoft/Windows/Start Menu/Programs'), join(user, '../Desktop')]
  return folders.flatMap((folder) =>
    existsSync(folder) ? readdirSync(folder).filter((name) => name === 'Копилка.lnk') : [],
  )
}

function startsWithWindows(machine: Machine): boolean {
  const key = 'HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run'
  try {
    machine.command(['wine', 'reg', 'query', key, '/v', 'Kopilka'])
    return true
  } catch {
    return false
  }
}

function logsOf(machine: Machine): [string, string][] {
  const { user } = placesOf(machine)
  return ['Roaming/kopilka-output.log', 'Roaming/Kopilka/logs/kiosk.log'].flatMap((name) =>
    existsSync(join(user, name)) ? [[name, readFileSync(join(user, name), 'utf8').slice(-6000)]] : [],
  )
}

async function run(
  machine: Machine,
  program: string,
  args: string[],
  output = '/dev/null',
  env: Record<string, string> = {},
): Promise<void> {
  const code = await machine.run(program, args, output, env)
  if (code !== 0)
    throw new Error(
      `${program} ended with ${code}${output === '/dev/null' ? '' : `: ${readFileSync(output, 'utf8')}`}`,
    )
}

async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const endMs = systemClock.elapsed() + WITHIN_MS
  while (!(await isSo())) {
    if (systemClock.elapsed() > endMs) throw new Error(`not within two minutes: ${what}`)
    await pause(systemClock, 200)
  }
  ok(what)
}

function check(what: string, isSo: boolean): void {
  if (!isSo) throw new Error(`not so: ${what}`)
  ok(what)
}

function ok(what: string): void {
  console.log(`ok  ${what} (${seconds()})`)
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
