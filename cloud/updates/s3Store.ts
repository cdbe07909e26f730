import { AwsClient } from 'aws4fetch'
import type { StoreSettings } from '../config.ts'
import { type ByteRange, type Content, type FileStore, StoreAway } from './fileStore.ts'

const ANSWER_WITHIN_MS = 10_000

/** Files of one bucket, by the address `endpoint/bucket/name` that every store with this protocol knows. */
export function openS3Store(settings: Extract<StoreSettings, { kind: 's3' }>): FileStore {
  const { endpoint, bucket, region, accessKeyId, secretAccessKey } = settings
  const signer = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3' })
  const folder = `${endpoint.replace(/\/+$/, '')}/${bucket}`
  const addressOf = (name: string) => `${folder}/${encodeURIComponent(name)}`

  async function ask(address: string, init: RequestInit = {}): Promise<Response> {
    const request = await signer.sign(address, init)
    return await fetch(request).catch((error) => {
      throw new StoreAway(`the store at ${endpoint} does not answer`, { cause: error })
    })
  }

  async function refuse(response: Response, what: string): Promise<never> {
    const said = (await response.text().catch(() => '')).slice(0, 300)
    throw new StoreAway(`the store at ${endpoint} answered ${response.status} to ${what}: ${said}`)
  }

  async function* read(name: string, { start, end }: ByteRange): AsyncGenerator<Uint8Array> {
    if (end <= start) return
    const response = await ask(addressOf(name), { headers: { range: `bytes=${start}-${end - 1}` } })
    // A store that does not know ranges sends the whole file, which is not what was asked for.
    if (response.status !== 206 || !response.body) return await refuse(response, `a read of ${name}`)
    yield* response.body
  }

  async function list(prefix: string): Promise<string[]> {
    const names: string[] = []
    let token: string | undefined
    do {
      const query = new URLSearchParams({ 'list-type': '2', prefix })
      if (token) query.set('continuation-token', token)
      const response = await ask(`${folder}?${query}`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) })
      if (!response.ok) return await refuse(response, 'a list')
      const xml = await response.text()
      names.push(...textsOf(xml, 'Key'))
      token = textsOf(xml, 'NextContinuationToken')[0]
    } while (token)
    return names
  }

  return {
    async put(name, { sizeBytes, bytes }: Content) {
      const response = await ask(addressOf(name), {
        method: 'PUT',
        // Without a length the body would go in chunks, which these stores do not take.
        headers: { 'content-length': String(sizeBytes), 'content-type': 'application/octet-stream' },
        body: ReadableStream.from(bytes()),
        duplex: 'half',
      })
      if (!response.ok) return await refuse(response, `a write of ${name}`)
      await response.body?.cancel()
    },
    read,
    async stat(name) {
      const init = { method: 'HEAD', signal: AbortSignal.timeout(ANSWER_WITHIN_MS) }
      const response = await ask(addressOf(name), init)
      if (response.status === 404) return null
      if (!response.ok) return await refuse(response, `a look at ${name}`)
      return { sizeBytes: Number(response.headers.get('content-length')) }
    },
    list,
  }
}

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }

function textsOf(xml: string, tag: string): string[] {
  const found = xml.matchAll(new RegExp(`<${tag}>([^<]*)</${tag}>`, 'g'))
  return [...found].map(([, text = '']) =>
    text.replace(/&(\w+);/g, (entity, name) => ENTITIES[name] ?? entity),
  )
}
