import type { Sql, Tx } from '../database/connect.ts'
import type { Installer, Manifest } from './manifest.ts'
import type { Offer } from './rollout.ts'

export const CHANNELS = ['stable', 'beta'] as const
export type Channel = (typeof CHANNELS)[number]

export interface ReleaseFile extends Installer {
  kind: 'installer' | 'blockmap'
}

/** Under this name a file lies in the store: with other bytes it is another file, whatever was there before. */
export function storedName({ name, sha512 }: Pick<ReleaseFile, 'name' | 'sha512'>): string {
  return `${name}.${sha512.toString('hex').slice(0, 32)}`
}

/** What may be handed out in these channels, to any register. */
export async function readOffers(sql: Sql, channels: Channel[]): Promise<Offer[]> {
  return await sql<Offer[]>`
    select version, max(percent) as percent from release_channels
    where channel = any(${channels}) and pulled_at is null
    group by version`
}

export async function readManifestOf(sql: Sql, version: string): Promise<Manifest> {
  const [row] = await sql<(Installer & { releasedAt: number | null })[]>`
    select released_at as "releasedAt", name, size_bytes as "sizeBytes", sha512
    from releases join release_files using (version)
    where version = ${version} and kind = 'installer'`
  if (!row) throw new Error(`the release ${version} has no installer`)
  const { releasedAt, ...installer } = row
  return { version, releasedAt, installer }
}

export interface ServedFile extends ReleaseFile {
  version: string
  /** Where its release was ever published. */
  channels: { channel: Channel; percent: number; isPulled: boolean }[]
}

/** A file by its name. */
export async function findFile(sql: Sql, name: string): Promise<ServedFile | null> {
  const [file] = await sql<ServedFile[]>`
    select name, kind, size_bytes as "sizeBytes", sha512, version, jsonb_agg(jsonb_build_object(
      'channel', channel, 'percent', percent, 'isPulled', pulled_at is not null)) as channels
    from release_files join release_channels using (version)
    where name = ${name}
    group by name`
  return file ?? null
}

export async function filesOf(sql: Sql | Tx, version: string): Promise<ReleaseFile[]> {
  return await sql<ReleaseFile[]>`
    select name, kind, size_bytes as "sizeBytes", sha512 from release_files where version = ${version} order by kind`
}
