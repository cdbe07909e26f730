import { join } from 'node:path'
import { type Instant, toIso } from '../../../shared/time.ts'
import { type Files, PRIVATE } from '../machine/files.ts'

const KEPT_FILES = 20
const LIMIT_BYTES = 1024 * 1024

interface Evidence {
  files: Files
  path: string
  evidenceFolder: string
  now: Instant
}

/** Copies a file that cannot be understood, as evidence for support, and says where the copy is. */
export async function keepEvidence({ files, path, evidenceFolder, now }: Evidence): Promise<string> {
  const folder = join(evidenceFolder, 'bad')
  await files.makeFolder(folder)
  const bytes = await files.read(path, LIMIT_BYTES)
  const kept = (await files.list(folder)).filter((name) => /^amount-.*\.json$/.test(name)).sort()
  const last = kept.at(-1)
  if (last && Buffer.compare(bytes, await files.read(join(folder, last), LIMIT_BYTES)) === 0)
    return join(folder, last)

  const copy = join(folder, `amount-${toIso(now).replaceAll(/[:.]/g, '-')}.json`)
  await files.writeDurably(copy, bytes, PRIVATE)
  for (const name of kept.toReversed().slice(KEPT_FILES - 1)) await files.remove(join(folder, name))
  return copy
}
