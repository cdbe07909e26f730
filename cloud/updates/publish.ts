import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { z } from 'zod'
import { toIso } from '../../shared/time.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { addToChannel } from './channels.ts'
import type { FileStore } from './fileStore.ts'
import { type Manifest, readManifest } from './manifest.ts'
import { type Channel, filesOf, type ReleaseFile, storedName } from './releases.ts'

/** The folder or the release is not as it must be; the message is for who publishes. */
export class PublishError extends Error {
  override name = 'PublishError'
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

export interface LocalRelease extends Manifest {
  files: (ReleaseFile & { path: string })[]
}

/** A release by what its files are, wherever they lie. */
interface Described {
  version: string
  files: ReleaseFile[]
}

const blockmapSchema = z.object({ files: z.array(z.object({ sizes: z.array(z.int()) })).length(1) })

/** What electron-builder left in a folder, checked against its own latest.yml before anything is sent. */
export async function readReleaseFolder(folder: string): Promise<LocalRelease> {
  const text = await readFile(join(folder, 'latest.yml'), 'utf8').catch(() => null)
  if (text === null)
    throw new PublishError(
      'no_release',
      `There is no latest.yml in ${folder}: name the folder of the installer.`,
    )
  const manifest = readManifest(text)
  if ('problem' in manifest) throw new PublishError('no_release', manifest.problem)

  const { name, sizeBytes, sha512 } = manifest.installer
  const installer = await localFile(folder, name)
  if (installer.sizeBytes !== sizeBytes || !installer.sha512.equals(sha512))
    throw new PublishError(
      'file_differs',
      `${name} is not the file that latest.yml describes: package it again.`,
    )
  const blockmap = await localFile(folder, `${name}.blockmap`)
  if ((await describedBytes(blockmap.path)) !== sizeBytes)
    throw new PublishError('file_differs', `${blockmap.name} does not describe ${name}: package it again.`)
  return {
    ...manifest,
    files: [
      { ...blockmap, kind: 'blockmap' },
      { ...installer, kind: 'installer' },
    ],
  }
}

async function localFile(folder: string, name: string) {
  const path = join(folder, name)
  const found = await stat(path).catch(() => null)
  if (!found?.isFile()) throw new PublishError('no_release', `There is no ${name} in ${folder}.`)
  return { path, name, sizeBytes: found.size, sha512: await sha512Of(createReadStream(path)) }
}

/** How many bytes a blockmap speaks of; null where it is none. */
async function describedBytes(path: string): Promise<number | null> {
  const json = await promisify(gunzip)(await readFile(path)).then(String, () => 'null')
  const map = blockmapSchema.safeParse(parseJson(json))
  return map.data?.files[0]?.sizes.reduce((sum, size) => sum + size, 0) ?? null
}

/**
 * Brings the files into the store and looks at what lies there. Killed at any point it has published nothing,
 * and done again it goes on where it was.
 */
export async function storeFiles(store: FileStore, files: LocalRelease['files']): Promise<void> {
  for (const file of files) {
    const name = storedName(file)
    if (await isWhole(store, name, file)) continue
    await store.put(name, { sizeBytes: file.sizeBytes, bytes: () => createReadStream(file.path) })
    if (!(await isWhole(store, name, file)))
      throw new PublishError(
        'store_damaged',
        `${file.name} does not come back from the store as it was sent.`,
      )
  }
}

async function isWhole(store: FileStore, name: string, { sizeBytes, sha512 }: ReleaseFile): Promise<boolean> {
  const found = await store.stat(name)
  if (found?.sizeBytes !== sizeBytes) return false
  return (await sha512Of(store.read(name, { start: 0, end: sizeBytes }))).equals(sha512)
}

/** The last step: from the end of this transaction on, the release is handed out. */
export async function recordRelease(
  sql: Tx,
  { version, releasedAt, files }: Described & Pick<LocalRelease, 'releasedAt'>,
  { channel, percent, now }: { channel: Channel; percent: number; now: number },
): Promise<void> {
  await sql`
    insert into releases (version, released_at, published_at)
    values (${version}, ${releasedAt === null ? null : toIso(releasedAt)}, ${toIso(now)})
    on conflict (version) do nothing`
  for (const { name, kind, sizeBytes, sha512 } of files)
    await sql`
      insert into release_files (name, version, kind, size_bytes, sha512)
      values (${name}, ${version}, ${kind}, ${sizeBytes}, ${sha512})
      on conflict do nothing`
  // Asked after the rows are ours or another publisher's: who was first has the version.
  await refuseOtherBuild(sql, { version, files })
  if (!(await addToChannel(sql, { version, channel, percent, now })))
    throw new PublishError(
      'already_published',
      `Version ${version} was published on ${channel} before: see "release list"; "release percent" changes who gets it.`,
    )
}

/** A version means the same bytes for ever: registers that have it would never fetch it again. */
export async function refuseOtherBuild(sql: Sql | Tx, { version, files }: Described): Promise<void> {
  const known = await filesOf(sql, version)
  if (known.length === 0) return
  const isSame = (file: ReleaseFile) =>
    known.some(({ name, sha512 }) => name === file.name && sha512.equals(file.sha512))
  if (known.length === files.length && files.every(isSame)) return
  throw new PublishError(
    'version_taken',
    `Version ${version} was published with other files: give this one a higher version.`,
  )
}

async function sha512Of(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const hash = createHash('sha512')
  for await (const chunk of bytes) hash.update(chunk)
  return hash.digest()
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
