import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildBlockMap } from 'app-builder-lib/out/targets/blockmap/blockmap.js'

/** The installer that npm run package left in a folder. */
export function installerIn(folder: string): string {
  const name = readdirSync(folder).find((name) => name.endsWith('.exe'))
  if (!name) throw new Error(`There is no installer in ${folder}.`)
  return join(folder, name)
}

/** A release like one of ours, with another installer: its list and its blockmap fit, so that only the signature can tell. */
export async function forgeRelease(
  folder: string,
  version: string,
  layInstaller: (path: string) => void,
): Promise<void> {
  mkdirSync(folder)
  const name = `Kopilka-Setup-${version}.exe`
  const path = join(folder, name)
  layInstaller(path)
  await buildBlockMap(path, 'gzip', `${path}.blockmap`)
  const sha512 = createHash('sha512').update(readFileSync(path)).digest('base64')
  const list = { version, files: [{ url: name, sha512, size: statSync(path).size }], path: name, sha512 }
  writeFileSync(join(folder, 'latest.yml'), JSON.stringify(list))
}

/** A copy with another byte in its middle. */
export function tamper(from: string, to: string): void {
  copyFileSync(from, to)
  const bytes = readFileSync(to)
  const at = bytes.length >> 1
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
  writeFileSync(to, bytes)
}
