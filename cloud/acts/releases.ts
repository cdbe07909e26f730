import { z } from 'zod'
import { moment } from '../../shared/time.ts'
import { compareVersions, isVersion } from '../../shared/version.ts'
import {
  addToChannel,
  type ChannelRelease,
  countRunning,
  listReleases,
  lockRelease,
  pullRelease as pull,
  setPercent,
} from '../updates/channels.ts'
import { PublishError, recordRelease } from '../updates/publish.ts'
import { CHANNELS } from '../updates/releases.ts'
import { ActError, act } from './act.ts'
import { numberInput } from './inputs.ts'

const versionInput = z.string().refine(isVersion, 'a version such as 1.4.0 is expected')
export const channelInput = z.enum(CHANNELS)
export const percentInput = numberInput(/^(\d{1,2}|100)$/, 'a whole number from 0 to 100 is expected')

/** From its end on the release is handed out: what it names lies in the store before. */
export const publishRelease = act({
  name: 'release publish',
  title: 'Publish a release',
  input: z.strictObject({
    version: versionInput,
    releasedAt: z.int().nullable(),
    files: z
      .array(
        z.object({
          name: z.string(),
          kind: z.enum(['installer', 'blockmap']),
          sizeBytes: z.int().min(1),
          sha512: z.instanceof(Buffer),
        }),
      )
      .length(2),
    channel: channelInput,
    percent: percentInput,
  }),
  async run(sql, { channel, percent, ...release }, { now }) {
    const { version } = release
    refusePulled(await lockRelease(sql, version))
    await recordRelease(sql, release, { channel, percent, now }).catch(toActError)
    const change = { subject: subjectOf(version), after: { channel, percent } }
    return { result: { version, channel, percent }, change }
  },
})

export const changePercent = act({
  name: 'release percent',
  title: 'Change how many registers get a release',
  input: z.strictObject({ version: versionInput, percent: percentInput, channel: channelInput }),
  async run(sql, { version, channel, percent }) {
    const release = (await lockRelease(sql, version)).find((found) => found.channel === channel)
    if (!release)
      throw new ActError('release_not_found', `There is no ${version} on ${channel}: see "release list".`)
    refusePulled([release])
    await setPercent(sql, { version, channel, percent })
    const before = { channel, percent: release.percent }
    const change = { subject: subjectOf(version), before, after: { channel, percent } }
    return { result: { version, channel, percent, before: release.percent }, change }
  },
})

export const promoteRelease = act({
  name: 'release promote',
  title: 'Promote a release from beta to stable',
  input: z.strictObject({ version: versionInput, percent: percentInput.default(100) }),
  async run(sql, { version, percent }, { now }) {
    const channels = await lockRelease(sql, version)
    if (!channels.some(({ channel }) => channel === 'beta'))
      throw new ActError('release_not_found', `There is no ${version} on beta: see "release list".`)
    refusePulled(channels)
    const after = { channel: 'stable' as const, percent }
    if (!(await addToChannel(sql, { version, ...after, now })))
      throw new ActError('already_published', `${version} is on stable already: see "release percent".`)
    return { result: { version, ...after }, change: { subject: subjectOf(version), after } }
  },
})

/** Ends a release on every channel at once, and says what brings back the registers that run it. */
export const pullRelease = act({
  name: 'release pull',
  title: 'Pull a release',
  input: z.strictObject({ version: versionInput }),
  async run(sql, { version }, { now }) {
    const channels = await lockRelease(sql, version)
    if (channels.length === 0)
      throw new ActError('release_not_found', `There is no release ${version}: see "release list".`)
    const ended = channels.filter(({ pulledAt }) => pulledAt === null).map(({ channel }) => channel)
    await pull(sql, { version, now })
    const all = await listReleases(sql)
    const result = {
      version,
      running: (await countRunning(sql)).get(version) ?? 0,
      lastGood: all.find((other) => isGoodBefore(other, version, channels))?.version ?? null,
      nextVersion: versionAfter(version, new Set(all.map((other) => other.version))),
      channels: channels.map(({ channel }) => channel),
    }
    if (ended.length === 0) return { result, change: null }
    return { result, change: { subject: subjectOf(version), after: { channels: ended.join(', ') } } }
  },
})

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

function refusePulled(channels: ChannelRelease[]): void {
  const pulled = channels.find(({ pulledAt }) => pulledAt !== null)
  if (!pulled) return
  throw new ActError(
    'release_pulled',
    `${pulled.version} was pulled at ${moment(pulled.pulledAt)} UTC and stays so: publish a higher version.`,
  )
}

const subjectOf = (version: string) => `release ${version}`

export function toActError(error: unknown): never {
  if (error instanceof PublishError) throw new ActError(error.code, error.message)
  throw error
}
