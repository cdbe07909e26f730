import { resolve } from 'node:path'
import { z } from 'zod'
import { toIso } from '../../shared/time.ts'
import { compareVersions, isVersion } from '../../shared/version.ts'
import { logChange } from '../auditLog.ts'
import type { Tx } from '../database/connect.ts'
import { authorName } from '../ledger/rows.ts'
import {
  addToChannel,
  type ChannelRelease,
  countRunning,
  listReleases,
  lockRelease,
  pullRelease,
  setPercent,
} from '../updates/change.ts'
import {
  PublishError,
  readReleaseFolder,
  recordRelease,
  refuseOtherBuild,
  storeFiles,
} from '../updates/publish.ts'
import { CHANNELS, type Channel, filesOf, storedName } from '../updates/releases.ts'
import { AdminError, type Command, command, type House } from './command.ts'
import { moment, table } from './print.ts'

const PACKAGED = 'dist/package'

/** Files first, and looked at in the store; the row that hands the release out last. Safe to do again. */
export async function publishRelease(
  { sql, now, admin, updates, warn }: House,
  { folder, channel, percent }: { folder: string; channel: Channel; percent: number },
) {
  const release = await readReleaseFolder(resolve(folder)).catch(toAdminError)
  const { version } = release
  await refuseOtherBuild(sql, release).catch(toAdminError)
  const newest = (await listReleases(sql)).find(
    (other) => other.channel === channel && other.pulledAt === null,
  )
  if (newest && compareVersions(newest.version, version) > 0)
    warn(`${channel} has ${newest.version} already, and registers never go back to ${version}.`)
  await storeFiles(updates, release.files).catch(toAdminError)
  await sql
    .begin(async (sql) => {
      await refusePulled(sql, version)
      await recordRelease(sql, release, { channel, percent, now })
      await logChange(sql, {
        who: authorName(admin),
        action: 'release publish',
        subject: `release ${version}`,
        after: { channel, percent },
      })
    })
    .catch(toAdminError)
  return { version, channel, percent }
}

export async function showReleases({ sql, updates }: House) {
  const [rows, running] = await Promise.all([listReleases(sql), countRunning(sql)])
  const releases = rows.map(({ publishedAt, pulledAt, ...row }) => ({
    ...row,
    publishedAt: toIso(publishedAt),
    pulledAt: pulledAt === null ? null : toIso(pulledAt),
    running: running.get(row.version) ?? 0,
  }))
  const versions = [...new Set(rows.map(({ version }) => version))]
  const files = await Promise.all(versions.map((version) => filesOf(sql, version)))
  const known = new Set(files.flat().map(storedName))
  const stored = await updates.list('')
  return { releases, unpublishedFiles: stored.filter((name) => !known.has(name)) }
}

export async function changePercent(
  { sql, admin }: House,
  { version, channel, percent }: { version: string; channel: Channel; percent: number },
) {
  return await sql.begin(async (sql) => {
    const release = (await lockRelease(sql, version)).find((found) => found.channel === channel)
    if (!release)
      throw new AdminError('release_not_found', `There is no ${version} on ${channel}: see "release list".`)
    refuseIfPulled([release])
    await setPercent(sql, { version, channel, percent })
    await logChange(sql, {
      who: authorName(admin),
      action: 'release percent',
      subject: `release ${version}`,
      before: { channel, percent: release.percent },
      after: { channel, percent },
    })
    return { version, channel, percent, before: release.percent }
  })
}

export async function promoteRelease(
  { sql, now, admin }: House,
  { version, percent }: { version: string; percent: number },
) {
  return await sql.begin(async (sql) => {
    const channels = await lockRelease(sql, version)
    if (!channels.some(({ channel }) => channel === 'beta'))
      throw new AdminError('release_not_found', `There is no ${version} on beta: see "release list".`)
    refuseIfPulled(channels)
    if (!(await addToChannel(sql, { version, channel: 'stable', percent, now })))
      throw new AdminError('already_published', `${version} is on stable already: see "release percent".`)
    await logChange(sql, {
      who: authorName(admin),
      action: 'release promote',
      subject: `release ${version}`,
      after: { channel: 'stable', percent },
    })
    return { version, channel: 'stable' as const, percent }
  })
}

/** Ends a release on every channel at once, and says what brings back the registers that run it. */
export async function pull({ sql, now, admin }: House, { version }: { version: string }) {
  return await sql.begin(async (sql) => {
    const channels = await lockRelease(sql, version)
    if (channels.length === 0)
      throw new AdminError('release_not_found', `There is no release ${version}: see "release list".`)
    const ended = channels.filter(({ pulledAt }) => pulledAt === null).map(({ channel }) => channel)
    await pullRelease(sql, { version, now })
    if (ended.length > 0)
      await logChange(sql, {
        who: authorName(admin),
        action: 'release pull',
        subject: `release ${version}`,
        after: { channels: ended.join(', ') },
      })
    const all = await listReleases(sql)
    return {
      version,
      running: (await countRunning(sql)).get(version) ?? 0,
      lastGood: all.find((other) => isGoodBefore(other, version, channels))?.version ?? null,
      nextVersion: versionAfter(version, new Set(all.map((other) => other.version))),
      channels: channels.map(({ channel }) => channel),
    }
  })
}

function isGoodBefore(other: ChannelRelease, version: string, channels: ChannelRelease[]): boolean {
  return (
    other.pulledAt === null &&
    compareVersions(other.version, version) < 0 &&
    channels.some(({ channel }) => channel === other.channel)
  )
}

/** The lowest version above this one that is free; of `1.4.0-beta.2` that is `1.4.0`. */
function versionAfter(version: string, taken: Set<string>): string {
  const [numbers = '', tag] = version.split(/-(.*)/)
  const [major, minor, patch] = numbers.split('.').map(Number)
  for (let next = (patch ?? 0) + (tag === undefined ? 1 : 0); ; next += 1) {
    const candidate = `${major}.${minor}.${next}`
    if (!taken.has(candidate)) return candidate
  }
}

async function refusePulled(sql: Tx, version: string): Promise<void> {
  refuseIfPulled(await lockRelease(sql, version))
}

function refuseIfPulled(channels: ChannelRelease[]): void {
  const pulled = channels.find(({ pulledAt }) => pulledAt !== null)
  if (!pulled) return
  throw new AdminError(
    'release_pulled',
    `${pulled.version} was pulled at ${moment(pulled.pulledAt)} UTC and stays so: publish a higher version.`,
  )
}

function toAdminError(error: unknown): never {
  if (error instanceof PublishError) throw new AdminError(error.code, error.message)
  throw error
}

const versionInput = z.string().refine(isVersion, 'a version such as 1.4.0 is expected')
const channelInput = z.enum(CHANNELS)
const percentInput = z
  .string()
  .regex(/^(\d{1,2}|100)$/, 'a whole number from 0 to 100 is expected')
  .transform(Number)

export const releaseCommands: Record<string, Command> = {
  'release publish': command({
    usage: 'release publish <folder> --channel stable|beta [--percent <0 to 100>]',
    input: z.strictObject({
      folder: z.string().min(1),
      channel: channelInput,
      percent: percentInput.default(100),
    }),
    positionals: ['folder'],
    run: publishRelease,
    text: ({ version, channel, percent }) =>
      `Published ${version} on ${channel}, for ${percent} % of its registers.${
        percent < 100 ? ` Next: release percent ${version} <more> --channel ${channel}` : ''
      }`,
  }),
  'release list': command({
    usage: 'release list',
    input: z.strictObject({}),
    run: (house) => showReleases(house),
    text: ({ releases, unpublishedFiles }) =>
      [
        table(
          ['version', 'channel', '%', 'registers', 'published (UTC)', 'pulled (UTC)'],
          releases.map(({ version, channel, percent, running, publishedAt, pulledAt }) => [
            ...[version, channel, percent, running],
            ...[moment(publishedAt), moment(pulledAt)],
          ]),
        ),
        ...(unpublishedFiles.length > 0
          ? [
              `In the store, of no release (publish the folder again to complete it): ${unpublishedFiles.join(', ')}`,
            ]
          : []),
      ].join('\n'),
  }),
  'release percent': command({
    usage: 'release percent <version> <0 to 100> --channel stable|beta',
    input: z.strictObject({ version: versionInput, percent: percentInput, channel: channelInput }),
    positionals: ['version', 'percent'],
    run: changePercent,
    text: ({ version, channel, percent, before }) =>
      `${version} on ${channel} is for ${percent} % of its registers now (${before} % before).`,
  }),
  'release promote': command({
    usage: 'release promote <version> [--percent <0 to 100>]',
    input: z.strictObject({ version: versionInput, percent: percentInput.default(100) }),
    positionals: ['version'],
    run: promoteRelease,
    text: ({ version, percent }) => `${version} is on stable too, for ${percent} % of its registers.`,
  }),
  'release pull': command({
    usage: 'release pull <version>',
    input: z.strictObject({ version: versionInput }),
    positionals: ['version'],
    run: pull,
    text: ({ version, running, lastGood, nextVersion, channels }) =>
      [
        `${version} is handed out no more. Registers that run it, as they said last: ${running}.`,
        'A register never goes back by itself, so those leave it only for a higher version. Take the sources of',
        `${lastGood ?? 'the last good version'} and publish them as ${nextVersion}, by the same publisher:`,
        `  npm run package -- --version ${nextVersion} --publisher '…'`,
        ...channels.map(
          (channel) =>
            `  npm run --silent admin -- release publish ${PACKAGED} --channel ${channel} --percent 100`,
        ),
      ].join('\n'),
  }),
}
