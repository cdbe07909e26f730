import { toIso } from '../../shared/time.ts'
import { compareVersions } from '../../shared/version.ts'
import type { Sql, Tx } from '../database/connect.ts'
import type { Channel } from './releases.ts'

export interface ChannelRelease {
  channel: Channel
  version: string
  percent: number
  publishedAt: number
  pulledAt: number | null
}

/** Every release of every channel, the newest first. */
export async function listReleases(sql: Sql | Tx): Promise<ChannelRelease[]> {
  const rows = await sql<ChannelRelease[]>`
    select channel, version, percent, published_at as "publishedAt", pulled_at as "pulledAt"
    from release_channels order by channel desc`
  return rows.toSorted((one, other) => compareVersions(other.version, one.version))
}

/** The channels a release is on, locked until the end of the transaction. */
export async function lockRelease(sql: Tx, version: string): Promise<ChannelRelease[]> {
  return await sql<ChannelRelease[]>`
    select channel, version, percent, published_at as "publishedAt", pulled_at as "pulledAt"
    from release_channels where version = ${version} order by channel for update`
}

export async function setPercent(
  sql: Tx,
  { version, channel, percent }: { version: string; channel: Channel; percent: number },
): Promise<void> {
  await sql`update release_channels set percent = ${percent} where version = ${version} and channel = ${channel}`
}

/** From the end of this transaction on, no register is offered the release, and none can fetch its installer. */
export async function pullRelease(
  sql: Tx,
  { version, now }: { version: string; now: number },
): Promise<void> {
  await sql`
    update release_channels set pulled_at = ${toIso(now)} where version = ${version} and pulled_at is null`
}

/** False where it is on that channel already. */
export async function addToChannel(
  sql: Tx,
  { version, channel, percent, now }: { version: string; channel: Channel; percent: number; now: number },
): Promise<boolean> {
  const [row] = await sql`
    insert into release_channels (channel, version, percent, published_at)
    values (${channel}, ${version}, ${percent}, ${toIso(now)})
    on conflict do nothing returning version`
  return row !== undefined
}

/** How many registers said in their last heartbeat that they run which version. */
export async function countRunning(sql: Sql | Tx): Promise<Map<string, number>> {
  const rows = await sql<{ version: string; count: number }[]>`
    select version, count(*) as count from registers
    where version is not null and revoked_at is null group by version`
  return new Map(rows.map(({ version, count }) => [version, count]))
}
