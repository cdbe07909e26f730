import { resolve } from 'node:path'
import { z } from 'zod'
import { moment, toIso } from '../../shared/time.ts'
import { compareVersions } from '../../shared/version.ts'
import { perform } from '../acts/act.ts'
import {
  changePercent,
  channelInput,
  percentInput,
  promoteRelease,
  publishRelease,
  pullRelease,
  toActError,
} from '../acts/releases.ts'
import { countRunning, listReleases } from '../updates/channels.ts'
import { readReleaseFolder, refuseOtherBuild, storeFiles } from '../updates/publish.ts'
import { type Channel, filesOf, storedName } from '../updates/releases.ts'
import { type Command, command, commandOf, type House } from './command.ts'
import { table } from './print.ts'

const PACKAGED = 'dist/package'

/** Files first, and looked at in the store; the act that hands the release out last. Safe to do again. */
export async function publishFolder(
  house: House,
  { folder, channel, percent }: { folder: string; channel: Channel; percent: number },
) {
  const { sql, updates, warn } = house
  const release = await readReleaseFolder(resolve(folder)).catch(toActError)
  const { version, releasedAt } = release
  await refuseOtherBuild(sql, release).catch(toActError)
  const newest = (await listReleases(sql)).find(
    (other) => other.channel === channel && other.pulledAt === null,
  )
  if (newest && compareVersions(newest.version, version) > 0)
    warn(`${channel} has ${newest.version} already, and registers never go back to ${version}.`)
  await storeFiles(updates, release.files).catch(toActError)
  const files = release.files.map(({ path: _, ...file }) => file)
  return await perform(publishRelease, { version, releasedAt, files, channel, percent }, house)
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

export const releaseCommands: Record<string, Command> = {
  'release publish': command({
    usage: 'release publish <folder> --channel stable|beta [--percent <0 to 100>]',
    input: z.strictObject({
      folder: z.string().min(1),
      channel: channelInput,
      percent: percentInput.default(100),
    }),
    positionals: ['folder'],
    run: publishFolder,
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
  'release percent': commandOf(changePercent, {
    usage: 'release percent <version> <0 to 100> --channel stable|beta',
    positionals: ['version', 'percent'],
    text: ({ version, channel, percent, before }) =>
      `${version} on ${channel} is for ${percent} % of its registers now (${before} % before).`,
  }),
  'release promote': commandOf(promoteRelease, {
    usage: 'release promote <version> [--percent <0 to 100>]',
    positionals: ['version'],
    text: ({ version, percent }) => `${version} is on stable too, for ${percent} % of its registers.`,
  }),
  'release pull': commandOf(pullRelease, {
    usage: 'release pull <version>',
    positionals: ['version'],
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
