import { createHash } from 'node:crypto'
import { closeSync, existsSync, globSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import asar from '@electron/asar'
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses'

const OFF = '0'.charCodeAt(0)
const ON = '1'.charCodeAt(0)
const WANTED_FUSES: [FuseV1Options, number][] = [
  [FuseV1Options.RunAsNode, OFF],
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable, OFF],
  [FuseV1Options.EnableNodeCliInspectArguments, OFF],
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation, ON],
  [FuseV1Options.OnlyLoadAppFromAsar, ON],
  [FuseV1Options.GrantFileProtocolExtraPrivileges, OFF],
]
const PLACES = [
  /^package\.json$/,
  /^dist\/main\/main\.cjs$/,
  /^dist\/preload\/preload\.cjs$/,
  /^dist\/display\/(index\.html|assets\/[\w.-]+\.(js|css|woff2))$/,
  /^dist\/renderer\/(index\.html|assets\/[\w.-]+\.(js|css|wasm|woff2|svg))$/,
  /^node_modules\/[^.]/,
]
const NEVER = /(\.test\.|\.map$|\.tsx?$|\.pem$|\.pfx$|\.p12$|\.env$|\.sql$|\/tests?\/)/
const X64 = 0x8664

export type AppFile = { path: string; sizeBytes: number; isUnpacked: boolean }

/** What is in app.asar, and beside it. */
export function filesOf(appFolder: string): AppFile[] {
  const archive = join(appFolder, 'resources/app.asar')
  asar.uncache(archive)
  return asar.listPackage(archive, { isPack: false }).flatMap((name) => {
    // Asked for in the words of this system, told in ours.
    const entry = asar.statFile(archive, name.slice(1))
    const path = name.slice(1).replaceAll('\\', '/')
    return 'size' in entry ? [{ path, sizeBytes: entry.size, isUnpacked: entry.unpacked === true }] : []
  })
}

/** Everything about a made kiosk that must not be as it is. */
export async function faultsOf(appFolder: string): Promise<string[]> {
  const program = join(appFolder, 'Kopilka.exe')
  const fuses: Record<number, unknown> = await getCurrentFuseWire(program)
  const files = filesOf(appFolder)
  return [
    ...faultsOfFuses(fuses),
    ...(isIntegrityKnown(appFolder, program) ? [] : ['Kopilka.exe does not know the checksum of app.asar']),
    ...files.filter(({ path }) => !belongs(path)).map(({ path }) => `${path} must not be inside`),
    ...faultsOfNative(appFolder, files),
    ...(existsSync(join(appFolder, 'resources/app-update.yml')) ? [] : ['there is no app-update.yml']),
  ]
}

export function sizeOf(folder: string): number {
  return globSync('**/*', { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
}

function belongs(path: string): boolean {
  return PLACES.some((place) => place.test(path)) && !NEVER.test(path)
}

function faultsOfFuses(fuses: Record<number, unknown>): string[] {
  return WANTED_FUSES.filter(([fuse, state]) => fuses[fuse] !== state).map(
    ([fuse, state]) => `the fuse ${FuseV1Options[fuse]} is not ${state === ON ? 'on' : 'off'}`,
  )
}

/** What Electron compares before it opens the archive is a resource of the program, word for word this. */
function isIntegrityKnown(appFolder: string, program: string): boolean {
  const { headerString } = asar.getRawHeader(join(appFolder, 'resources/app.asar'))
  const value = createHash('sha256').update(headerString).digest('hex')
  return readFileSync(program).includes(
    JSON.stringify([{ file: 'resources\\app.asar', alg: 'SHA256', value }]),
  )
}

function faultsOfNative(appFolder: string, files: AppFile[]): string[] {
  const native = files.filter(({ path }) => path.endsWith('.node'))
  const isLoadable = ({ path, isUnpacked }: AppFile) =>
    isUnpacked && machineOf(join(appFolder, 'resources/app.asar.unpacked', path)) === X64
  return [
    ...(native.length === 1 ? [] : [`there are ${native.length} native modules, not one`]),
    ...native.filter((file) => !isLoadable(file)).map(({ path }) => `64-bit Windows cannot load ${path}`),
  ]
}

/** Of a Windows program or library: what it runs on; null when it is neither. */
function machineOf(path: string): number | null {
  const head = Buffer.alloc(4096)
  const file = openSync(path, 'r')
  readSync(file, head)
  closeSync(file)
  const at = head.readUInt32LE(0x3c)
  const isProgram = head.toString('latin1', 0, 2) === 'MZ' && at < 4000
  return isProgram && head.toString('latin1', at, at + 4) === 'PE\0\0' ? head.readUInt16LE(at + 4) : null
}

/** Which version lies there; null where there is none, or half of one: an installer is at work. */
export function versionOf(program: string): string | null {
  const archive = join(program, 'resources/app.asar')
  asar.uncache(archive)
  try {
    return (JSON.parse(String(asar.extractFile(archive, 'package.json'))) as { version: string }).version
  } catch {
    return null
  }
}
