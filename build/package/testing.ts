import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Configuration } from 'electron-builder'

// What electron-builder itself works with; the types of resedit would bring the types of a browser into the whole project.
const ofBuilder = createRequire(createRequire(import.meta.url).resolve('electron-builder'))
const ofItsLibrary = createRequire(ofBuilder.resolve('app-builder-lib'))
export const { getConfig, validateConfiguration } = ofItsLibrary('./util/config/config.js') as {
  getConfig(projectFolder: string, file: string): Promise<Configuration>
  validateConfiguration(config: Configuration, log: { isEnabled: false }): Promise<void>
}
export const { NtExecutable, NtExecutableResource, Resource, Data } = ofItsLibrary('resedit') as Resedit

const LANGUAGE = { lang: 1033, codepage: 1200 }
// Where Electron keeps its fuses: a mark, the version and length of the wire, and all eight as they are when it is published.
const FUSES = Buffer.concat([
  Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'),
  Buffer.from([1, 8]),
  Buffer.from('10110001'),
])

/** A folder that looks like Electron's distribution for 64-bit Windows; its program is one that Windows could read. */
export function layElectronStandIn(folder: string): void {
  mkdirSync(join(folder, 'locales'), { recursive: true })
  mkdirSync(join(folder, 'resources'))
  writeFileSync(join(folder, 'electron.exe'), programStandIn())
  for (const name of ['ffmpeg.dll', 'icudtl.dat', 'LICENSE', 'LICENSES.chromium.html', 'resources.pak'])
    writeFileSync(join(folder, name), name)
  for (const language of ['en-US', 'ru', 'de', 'zh-CN'])
    writeFileSync(join(folder, 'locales', `${language}.pak`), language)
}

/**
 * 7-Zip, NSIS, Wine and a signing tool, which electron-builder would fetch or find installed: each writes the file that
 * it is there for; NSIS also what it was told, and the signer what it signed. Answers the environment that leads to them.
 */
export function layToolStandIns(folder: string): Record<string, string> {
  const nsis = process.platform === 'darwin' ? 'mac' : 'linux'
  layScript(
    join(folder, '7za'),
    'for name; do case "$name" in *.7z) head -c 200000 /dev/zero > "$name";; esac; done',
  )
  layScript(
    join(folder, 'nsis', nsis, 'makensis'),
    `for told; do case "$told" in '-XOutFile "'*) made=\${told#*'"'}; made=\${made%'"'};; esac; done
    head -c 300000 /dev/zero > "$made"
    printf '%s\\n' "$@" > "$made.told"
    # Its script comes this way; who hung up before would be a fault of electron-builder's.
    cat > /dev/null`,
  )
  layScript(join(folder, 'bin/wine'), `echo uninstaller > "\${1%exe}__uninstaller.exe"`)
  layScript(
    join(folder, 'signer'),
    `while [ $# -gt 0 ]; do case "$1" in -in) from=$2;; -out) to=$2;; esac; shift; done
    cp "$from" "$to"
    echo "$from" >> '${join(folder, 'signed')}'`,
  )
  mkdirSync(join(folder, 'plugins/plugins/x86-unicode'), { recursive: true })
  return {
    ELECTRON_BUILDER_7ZIP_PATH: join(folder, '7za'),
    ELECTRON_BUILDER_NSIS_DIR: join(folder, 'nsis'),
    ELECTRON_BUILDER_NSIS_RESOURCES_DIR: join(folder, 'plugins'),
    SIGNTOOL_PATH: join(folder, 'signer'),
    PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
  }
}

function layScript(path: string, script: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `#!/bin/sh\n${script}\n`)
  chmodSync(path, 0o755)
}

function programStandIn(): Buffer {
  const program = NtExecutable.createEmpty(false, false)
  const resources = NtExecutableResource.from(program, true)
  const info = Resource.VersionInfo.createEmpty()
  info.setStringValues(LANGUAGE, { ProductName: 'Electron', FileDescription: 'Electron' })
  info.outputToResourceEntries(resources.entries)
  resources.outputResource(program)
  program.setExtraData(Uint8Array.from(FUSES).buffer)
  return Buffer.from(program.generate())
}

type Entry = { type: number | string; id: number | string; bin: ArrayBuffer }
type Program = { setExtraData(bytes: ArrayBuffer): void; generate(): ArrayBuffer }
type Resources = { entries: Entry[]; outputResource(program: Program): void }
type Picture = { width: number; height: number; bitCount?: number; isIcon(): boolean }
type VersionInfo = {
  setStringValues(language: typeof LANGUAGE, values: Record<string, string>): void
  getStringValues(language: typeof LANGUAGE): Record<string, string>
  outputToResourceEntries(entries: Entry[]): void
}
type Resedit = {
  NtExecutable: { createEmpty(is32Bit: boolean, isLibrary: boolean): Program; from(file: Buffer): Program }
  NtExecutableResource: { from(program: Program, mayHaveNone?: boolean): Resources }
  Resource: {
    VersionInfo: { createEmpty(): VersionInfo; fromEntries(entries: Entry[]): VersionInfo[] }
    IconGroupEntry: { fromEntries(entries: Entry[]): { icons: { width: number; bitCount: number }[] }[] }
  }
  Data: { IconFile: { from(file: Buffer): { icons: { width: number; bitCount: number; data: Picture }[] } } }
}
