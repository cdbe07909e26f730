import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { AwsV4Signer } from 'aws4fetch'

const KEYS = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret of the test' }
/** A list comes in pages, and the names of the next one begin after the last of this. */
const PAGE = 2

/**
 * Speaks as much of S3 as the store of releases does, and like S3 takes nothing without a right signature and
 * a length. A test may hold up a write, or break the bytes of a file.
 */
export async function openS3StandIn() {
  const files = new Map<string, Buffer>()
  const held: { names: (name: string) => boolean; reached: () => void }[] = []
  const requests: string[] = []

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', endpoint)
    const [, bucket, name = ''] = url.pathname.split('/').map(decodeURIComponent)
    requests.push(`${request.method} ${name || url.search}`)
    if (!(await isSigned(request, url))) return refuse(response, 403, 'SignatureDoesNotMatch')
    if (bucket !== 'releases') return refuse(response, 404, 'NoSuchBucket')
    if (request.method === 'PUT') return await take(request, response, name)
    if (name === '') return list(response, url.searchParams)
    const bytes = files.get(name)
    if (!bytes) return refuse(response, 404, 'NoSuchKey')
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? []
    const piece = first === undefined ? bytes : bytes.subarray(Number(first), Number(last) + 1)
    response.writeHead(first === undefined ? 200 : 206, {
      'content-length': piece.length,
      etag: `"${createHash('md5').update(bytes).digest('hex')}"`,
    })
    response.end(request.method === 'HEAD' ? undefined : piece)
  }

  async function take(request: IncomingMessage, response: ServerResponse, name: string): Promise<void> {
    if (!request.headers['content-length']) return refuse(response, 411, 'MissingContentLength')
    const hold = held.find(({ names }) => names(name))
    if (hold) return hold.reached()
    files.set(name, await buffer(request))
    response.end()
  }

  function list(response: ServerResponse, query: URLSearchParams): void {
    const after = query.get('continuation-token') ?? ''
    const names = [...files.keys()]
      .sort()
      .filter((name) => name.startsWith(query.get('prefix') ?? '') && name > after)
    const page = names.slice(0, PAGE)
    const next = names.length > PAGE ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : ''
    const keys = page.map((name) => `<Contents><Key>${name.replaceAll('&', '&amp;')}</Key></Contents>`)
    response.end(`<?xml version="1.0"?><ListBucketResult>${keys.join('')}${next}</ListBucketResult>`)
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    settings: { kind: 's3' as const, endpoint, bucket: 'releases', region: 'test-1', ...KEYS },
    files,
    requests,
    /** Takes the bytes of such a write and never answers; resolves when there is one. */
    hold: (names: (name: string) => boolean) =>
      new Promise<void>((reached) => {
        held.push({ names, reached })
      }),
    release: () => void held.splice(0),
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status).end(`<Error><Code>${code}</Code></Error>`)
}

/** The same signature, computed here from what came: of the method, the address and the headers it names. */
async function isSigned(request: IncomingMessage, url: URL): Promise<boolean> {
  const { authorization = '', 'x-amz-date': datetime } = request.headers
  if (typeof datetime !== 'string') return false
  const signer = new AwsV4Signer({
    ...KEYS,
    method: request.method ?? '',
    url: url.href,
    headers: { 'x-amz-content-sha256': String(request.headers['x-amz-content-sha256']) },
    datetime,
    service: 's3',
    region: 'test-1',
  })
  return authorization === (await signer.authHeader())
}
