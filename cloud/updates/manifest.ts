import { parse } from 'yaml'
import { z } from 'zod'
import { isVersion } from '../../shared/version.ts'

/** An installer as latest.yml names it. */
export interface Installer {
  name: string
  sizeBytes: number
  sha512: Buffer
}

export interface Manifest {
  version: string
  releasedAt: number | null
  installer: Installer
}

const sha512Schema = z
  .base64()
  .transform((text) => Buffer.from(text, 'base64'))
  .refine((bytes) => bytes.length === 64, 'is no SHA-512')

/** The table of files refuses any other name too; a path cannot be spelled with these characters. */
const nameSchema = z.string().regex(/^[\w .()+-]+\.exe$/, 'is no name of an installer')

const manifestSchema = z.object({
  version: z.string().refine(isVersion, 'is no version such as 1.4.0'),
  files: z
    .array(z.object({ url: nameSchema, sha512: sha512Schema, size: z.int().min(1) }))
    .length(1, 'must name one installer'),
  releaseDate: z
    .union([z.string(), z.date()])
    .transform((date) => Date.parse(String(date)))
    .pipe(z.number())
    .nullish(),
})

/** latest.yml as electron-builder writes it; the problem is a sentence for who publishes. */
export function readManifest(text: string): Manifest | { problem: string } {
  const read = manifestSchema.safeParse(yamlOf(text))
  if (!read.success) {
    const faults = read.error.issues.map((issue) => `${issue.path.join('.') || 'it'} ${issue.message}`)
    return { problem: `latest.yml cannot be used: ${faults.join('; ')}.` }
  }
  const { version, files, releaseDate = null } = read.data
  const [file] = files
  if (!file) throw new Error('a manifest without a file was taken')
  const installer = { name: file.url, sizeBytes: file.size, sha512: file.sha512 }
  if (!file.url.includes(version))
    return {
      problem:
        `The installer ${file.url} has not its version ${version} in its name: the next release would take its ` +
        'place, and registers could not fetch only what differs. Put the version into artifactName.',
    }
  return { version, releasedAt: releaseDate, installer }
}

/**
 * latest.yml as registers get it: JSON, which every reader of YAML reads. Nothing else of the original goes on;
 * a stagingPercentage there would let the updater draw lots where this cloud decides.
 */
export function writeManifest({ version, releasedAt, installer }: Manifest): string {
  const { name, sizeBytes, sha512 } = installer
  const sha = sha512.toString('base64')
  const manifest = {
    version,
    files: [{ url: name, sha512: sha, size: sizeBytes }],
    path: name,
    sha512: sha,
    ...(releasedAt !== null && { releaseDate: new Date(releasedAt).toISOString() }),
  }
  return `${JSON.stringify(manifest, null, 2)}\n`
}

function yamlOf(text: string): unknown {
  try {
    // What is wrong is told by us, not by the library on stderr.
    return parse(text, { logLevel: 'error' })
  } catch {
    return null
  }
}
