import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { DAY, type Instant, toIso } from '../../shared/time.ts'
import { syncFolder } from '../syncFolder.ts'
import { BackupError } from './format.ts'

const SUFFIX = '.backup.gz'
const OURS = /^kopilka-\d{8}T\d{9}Z\.backup\.gz$/
const PART = /^\.kopilka-.*\.part$/

/** What ends in .gz is a file; everything else is a folder, in which each backup has the name of its moment. */
export async function placeFor(to: string, now: Instant): Promise<string> {
  const file = to.endsWith('.gz') ? resolve(to) : join(resolve(to), nameOf(now))
  if (await stat(file).catch(() => null))
    throw new BackupError('file_exists', `${file} is there already: no backup is ever overwritten.`)
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  return file
}

const nameOf = (now: Instant) => `kopilka-${toIso(now).replace(/[-:.]/g, '')}${SUFFIX}`

/**
 * Written under another name and renamed when it is on the disk and `check` has found it whole: what has the name
 * of a backup is one. For the owner's eyes only: the hashes of keys and everybody's names are in it.
 */
export async function writeFile(
  file: string,
  lines: AsyncIterable<string>,
  check: (part: string) => Promise<unknown>,
): Promise<void> {
  const part = join(dirname(file), `.kopilka-${randomUUID()}.part`)
  try {
    const output = createWriteStream(part, { flags: 'wx', mode: 0o600, flush: true })
    // The cloud sells meanwhile: a little larger is better than much slower.
    await pipeline(Readable.from(lines, { highWaterMark: 1 }), createGzip({ level: 3 }), output)
    await check(part)
    await rename(part, file)
    await syncFolder(dirname(file))
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
}

/** Leaves the latest backups of a folder, and what a killed process left there less than a day ago. */
export async function prune(made: string, { keep, now }: { keep: number; now: Instant }): Promise<string[]> {
  const folder = dirname(made)
  const names = await readdir(folder)
  const others = names.filter((name) => OURS.test(name) && name !== basename(made)).sort()
  const surplus = others.slice(0, Math.max(0, others.length - (keep - 1)))
  for (const name of [...surplus, ...(await abandoned(folder, names, now))]) await rm(join(folder, name))
  return surplus.map((name) => join(folder, name))
}

async function abandoned(folder: string, names: string[], now: Instant): Promise<string[]> {
  const old: string[] = []
  for (const name of names.filter((name) => PART.test(name)))
    if ((await stat(join(folder, name))).mtimeMs < now - DAY) old.push(name)
  return old
}
