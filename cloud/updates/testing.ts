import { createHash, randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildBlockMap } from 'app-builder-lib/out/targets/blockmap/blockmap.js'

export const installerName = (version: string) => `Kopilka-Setup-${version}.exe`

/** What stands for the bytes of an installer: random, so that nothing of it is anywhere else. */
export const installerBytes = (sizeBytes = 1_500_000) => randomBytes(sizeBytes)

/** The next version of these bytes: a piece in the middle and one near the end are others. */
export function changedBytes(bytes: Buffer): Buffer {
  const [early, late] = [Math.floor(bytes.length / 3), Math.floor((bytes.length * 4) / 5)]
  return Buffer.concat([
    bytes.subarray(0, early),
    randomBytes(10_000),
    bytes.subarray(early + 4000, late),
    randomBytes(5000),
    bytes.subarray(late + 5000),
  ])
}

/** A folder as electron-builder leaves it, with a blockmap by its own code. */
export async function makeReleaseFolder(
  root: string,
  version: string,
  bytes: Buffer = installerBytes(),
): Promise<{ folder: string; bytes: Buffer }> {
  const folder = join(root, version)
  const name = installerName(version)
  const path = join(folder, name)
  await mkdir(folder, { recursive: true })
  await writeFile(path, bytes)
  await buildBlockMap(path, 'gzip', `${path}.blockmap`)
  await writeFile(join(folder, 'latest.yml'), latestYml(version, bytes))
  return { folder, bytes }
}

export function latestYml(version: string, bytes: Buffer): string {
  const sha512 = createHash('sha512').update(bytes).digest('base64')
  return `version: ${version}
files:
  - url: ${installerName(version)}
    sha512: ${sha512}
    size: ${bytes.length}
path: ${installerName(version)}
sha512: ${sha512}
stagingPercentage: 1
releaseDate: '2026-11-21T12:00:00.000Z'
`
}
