import type { Context } from 'hono'
import type { Logger } from 'pino'
import type { Register } from '../access/registers/registers.ts'
import { keyOf } from '../http/auth.ts'
import type { App, Doors, Env } from '../http/context.ts'
import { ApiFailure } from '../http/errors.ts'
import { networkOf } from '../http/network.ts'
import { pay } from '../http/pay.ts'
import { senderOf } from '../http/sender.ts'
import { type ByteRange, type FileStore, StoreAway } from './fileStore.ts'
import { writeManifest } from './manifest.ts'
import { contentRange, multipartOf } from './multipart.ts'
import { readRanges } from './ranges.ts'
import {
  CHANNELS,
  type Channel,
  findFile,
  readManifestOf,
  readOffers,
  type ServedFile,
  storedName,
} from './releases.ts'
import { chooseRelease, isInRollout } from './rollout.ts'

const FILE_TYPE = 'application/octet-stream'

interface Around extends Doors {
  updates: Pick<FileStore, 'read'>
  /** The cloud ends: a download, which may take minutes, does not hold it up. */
  stopping: AbortSignal
  log: Logger
}

const nothingThere = () => new ApiFailure(404, 'not_found', 'There is nothing at this address.')

/** What the updater of the kiosk reads: `latest.yml` of a channel, made for who asks, and the files it names. */
export function updateRoutes(app: App, cloud: Around) {
  app.get('/updates/:channel/latest.yml', async (c) => {
    const register = await askingRegister(c, cloud)
    if (register) pay(cloud.limiters.requests, register.id, cloud.now())
    const offers = await readOffers(cloud.sql, channelsFor(channelOf(c), register))
    const release = chooseRelease(offers, register?.id ?? null)
    if (!release) throw new ApiFailure(404, 'no_release', 'There is no release for this register yet.')
    const text = writeManifest(await readManifestOf(cloud.sql, release.version))
    return c.body(text, 200, { 'content-type': 'text/yaml; charset=utf-8', 'cache-control': 'no-store' })
  })

  app.get('/updates/:channel/:file', async (c) => {
    const channel = channelOf(c)
    const file = await findFile(cloud.sql, c.req.param('file'))
    if (!file) throw nothingThere()
    if (isForEverybody(file, channel)) return await sendFile(c, cloud, file, 'public')
    const register = await askingRegister(c, cloud)
    const offers = offersOf(file, channelsFor(channel, register), register)
    if (offers.some(({ isPulled }) => !isPulled)) return await sendFile(c, cloud, file, 'private')
    if (offers.length === 0) throw nothingThere()
    throw new ApiFailure(410, 'pulled', 'This release was pulled: ask latest.yml for the one to take.')
  })
}

/**
 * An installer is for whom its release is offered to, and not only while it is the newest: a download goes on. A
 * blockmap runs nothing, and tells a register what it has, whatever became of its release since.
 */
function isForEverybody(file: ServedFile, channel: Channel): boolean {
  if (file.kind === 'blockmap') return true
  return offersOf(file, channelsFor(channel, null), null).some(({ isPulled }) => !isPulled)
}

function offersOf({ version, channels }: ServedFile, asked: Channel[], register: Register | null) {
  return channels.filter(
    ({ channel, percent }) =>
      asked.includes(channel) && isInRollout({ version, percent }, register?.id ?? null),
  )
}

function channelOf(c: Context<Env>): Channel {
  const channel = CHANNELS.find((name) => name === c.req.param('channel'))
  if (!channel) throw nothingThere()
  return channel
}

/** Null without a key, and where the key is unknown or revoked: such a request gets what all get. */
async function askingRegister(c: Context<Env>, { keyring }: Doors): Promise<Register | null> {
  const key = keyOf(c)
  const register = key === undefined ? null : await keyring.find(key)
  if (register) c.set('register', register)
  return register
}

/**
 * Where the release may come from. A register on beta takes a stable release too when that is newer; one that
 * was set back to stable gets no beta, whatever address it still asks at.
 */
function channelsFor(asked: Channel, register: Register | null): Channel[] {
  return asked === 'beta' && (register?.channel ?? 'beta') === 'beta' ? ['beta', 'stable'] : ['stable']
}

/** What is only for some is not for a cache that all of them share. */
async function sendFile(
  c: Context<Env>,
  cloud: Around,
  file: ServedFile,
  cache: 'public' | 'private',
): Promise<Response> {
  const { sizeBytes } = file
  const etag = `"${file.sha512.toString('hex').slice(0, 32)}"`
  // Of what is answered instead nobody may keep a copy.
  const label = () => {
    c.header('etag', etag)
    c.header('accept-ranges', 'bytes')
    // The name never stands for other bytes.
    c.header('cache-control', `${cache}, max-age=31536000, immutable`)
  }
  if (
    c.req
      .header('if-none-match')
      ?.split(',')
      .some((tag) => isSameTag(tag, etag))
  ) {
    label()
    return c.body(null, 304)
  }

  const condition = c.req.header('if-range')
  const ranges = readRanges(
    condition === undefined || condition.trim() === etag ? c.req.header('range') : undefined,
    sizeBytes,
  )
  if (ranges === 'outside') {
    c.header('content-range', `bytes */${sizeBytes}`)
    throw new ApiFailure(416, 'range_not_satisfiable', 'The file has no such bytes.')
  }
  if (ranges !== 'whole' && ranges.length > 1) await payForPieces(c, cloud, ranges.length)
  const read = (range: ByteRange) => cloud.updates.read(storedName(file), range)
  const { status, headers, bytes } = answerOf(ranges, sizeBytes, read)
  const begun = c.req.method === 'HEAD' ? null : await begin(bytes(), cloud)
  label()
  for (const [name, value] of Object.entries(headers)) c.header(name, value)
  return begun === null ? c.body(null, status) : c.body(begun, status)
}

/** Each piece is a question to the store, and an update asks for some hundred once. */
const PIECES_A_TOKEN = 20

/** Where nobody says who asks, the network pays. */
async function payForPieces(c: Context<Env>, cloud: Around, pieces: number): Promise<void> {
  const { limiters, now } = cloud
  const register = await askingRegister(c, cloud)
  const [limiter, who] = register
    ? [limiters.requests, register.id]
    : [limiters.strangers, networkOf(senderOf(c))]
  pay(limiter, who, now(), pieces / PIECES_A_TOKEN)
}

function answerOf(
  ranges: ByteRange[] | 'whole',
  sizeBytes: number,
  read: (range: ByteRange) => AsyncIterable<Uint8Array>,
) {
  const [only, ...others] = ranges === 'whole' ? [{ start: 0, end: sizeBytes }] : ranges
  if (!only) throw new Error('a file was asked for in no pieces')
  if (others.length > 0) {
    const { contentType, lengthBytes, bytes } = multipartOf(
      [only, ...others],
      { sizeBytes, type: FILE_TYPE },
      read,
    )
    return { status: 206 as const, headers: headersOf(contentType, lengthBytes), bytes }
  }
  const headers = headersOf(FILE_TYPE, only.end - only.start)
  const bytes = () => read(only)
  if (ranges === 'whole') return { status: 200 as const, headers, bytes }
  return {
    status: 206 as const,
    headers: { ...headers, 'content-range': contentRange(only, sizeBytes) },
    bytes,
  }
}

const headersOf = (contentType: string, lengthBytes: number): Record<string, string> => ({
  'content-type': contentType,
  'content-length': String(lengthBytes),
})

/** A store that is away is told while there is still a status to tell it by; later the connection breaks off. */
async function begin(
  bytes: AsyncIterable<Uint8Array>,
  { log, stopping }: Pick<Around, 'log' | 'stopping'>,
): Promise<ReadableStream<Uint8Array>> {
  const pieces = bytes[Symbol.asyncIterator]()
  const first = await pieces.next().catch((error) => {
    if (!(error instanceof StoreAway)) throw error
    log.error({ err: error }, 'a release cannot be read')
    throw new ApiFailure(503, 'unavailable', 'The store of the releases is away.', { retryAfterSeconds: 60 })
  })
  let breakOff = () => {}
  const settle = () => stopping.removeEventListener('abort', breakOff)
  const hand = (controller: ReadableStreamDefaultController, { done, value }: IteratorResult<Uint8Array>) => {
    if (!done) return controller.enqueue(value)
    settle()
    controller.close()
  }
  return new ReadableStream({
    start(controller) {
      breakOff = () => {
        controller.error(new Error('the cloud stops'))
        void pieces.return?.()
      }
      stopping.addEventListener('abort', breakOff, { once: true })
      hand(controller, first)
    },
    async pull(controller) {
      const next = await pieces.next()
      if (!stopping.aborted) hand(controller, next)
    },
    async cancel() {
      settle()
      await pieces.return?.()
    },
  })
}

function isSameTag(tag: string, etag: string): boolean {
  const trimmed = tag.trim().replace(/^W\//, '')
  return trimmed === '*' || trimmed === etag
}
