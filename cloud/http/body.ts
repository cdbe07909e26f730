import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { ApiFailure } from './errors.ts'

const KIB = 1024
/** Enough for a form or one request of a program. */
const USUAL_BYTES = 8 * KIB
/** Addresses with larger bodies. All of them ask for a key or a secret before a byte of the body is read. */
const LARGER_BYTES: Record<string, number> = {
  '/v1/operations': 1024 * KIB, // 500 operations are about 150 kB
  '/v1/diagnostics': 256 * KIB, // a register's file is about 30 kB; the database need not keep more of one
  '/v1/heartbeat': 16 * KIB, // ten errors, in whatever letters
  '/api/1c/confirm-discount': 64 * KIB, // an old agent tells its whole error
  '/v1/console/acts/book.publish': 256 * KIB, // a whole rule book
  '/v1/console/acts/campaign.add': 256 * KIB, // rules as those of a book, with lists of goods
  '/v1/console/acts/proposal.edit': 256 * KIB, // whatever is proposed, anew
  '/v1/console/acts/voucher.add': 256 * KIB, // ten thousand cards
  '/v1/console/acts/segment.add': 64 * KIB, // sixty conditions, one of them with a thousand stores
  '/v1/console/segments/preview': 64 * KIB,
  '/v1/console/book-trial': 256 * KIB, // a whole rule book
  '/telegram/webhook': 1024 * KIB,
}
/** No honest body is nested deeper; each level costs the code that walks through it. */
const DEEPEST = 32

/**
 * Bounds the body of a request without reading it: the route reads it, behind the door that knows who asks. A declared
 * length is believed, because Node reads no further; only a body without one is counted.
 */
export const boundBody = createMiddleware(async (c, next) => {
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return await next()
  const mostBytes = LARGER_BYTES[c.req.path] ?? USUAL_BYTES
  const declared = c.req.header('content-length')
  if (Number(declared) > mostBytes) throw tooLarge(mostBytes)
  if ((declared === undefined || c.req.header('transfer-encoding')) && c.req.raw.body) {
    c.req.raw = new Request(c.req.raw, { body: counted(c.req.raw.body, mostBytes), duplex: 'half' })
  }
  let failure: ApiFailure | null = null
  const readJson = async () => {
    const json = await c.req.text().catch(toFailure)
    if (typeof json === 'string' && !isDeeperThan(DEEPEST, json)) return JSON.parse(json)
    failure = typeof json === 'string' ? tooDeep() : json
    throw failure
  }
  c.req.json = readJson
  await next()
  // The validator takes every failure to read a body for bad JSON.
  if (failure) throw failure
})

/** The fields of a form. The body may be no form, and its sender may have gone away. */
export async function readForm(c: Context): Promise<Record<string, unknown>> {
  return await c.req.parseBody().catch((error: unknown) => {
    throw toFailure(error)
  })
}

/** The same body for as long as it is no larger; it is read only as far as a handler asks for it. */
function counted(body: ReadableStream<Uint8Array>, mostBytes: number): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  let bytes = 0
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await reader.read()
        if (done) return controller.close()
        bytes += value.length
        if (bytes <= mostBytes) return controller.enqueue(value)
        controller.error(tooLarge(mostBytes))
        await reader.cancel()
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  )
}

const tooLarge = (mostBytes: number) =>
  new ApiFailure(413, 'too_large', `This address takes a body of ${mostBytes / KIB} KiB at most.`)
const tooDeep = () => new ApiFailure(400, 'malformed', `The body is nested deeper than ${DEEPEST} levels.`)

/** A sender that went away is no outage of ours, though the error of its connection looks like one. */
function toFailure(error: unknown): ApiFailure {
  if (error instanceof ApiFailure) return error
  return new ApiFailure(400, 'malformed', 'The body could not be read to its end.')
}

const QUOTE = 34
const BACKSLASH = 92
const OPENING = new Set([91, 123])
const CLOSING = new Set([93, 125])

/** Looks only at brackets outside of strings; what is no JSON is for the parser to find. */
function isDeeperThan(levels: number, json: string): boolean {
  let depth = 0
  let isInString = false
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at)
    if (code === QUOTE) isInString = !isInString
    else if (isInString) at += code === BACKSLASH ? 1 : 0
    else if (OPENING.has(code)) depth += 1
    else if (CLOSING.has(code)) depth -= 1
    if (depth > levels) return true
  }
  return false
}
