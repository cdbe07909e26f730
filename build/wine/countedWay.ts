import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A way to the cloud that counts what comes back of the files of releases. */
export async function openCountedWay(cloudUrl: string) {
  let bytes = 0
  const server = createServer((asked, answer) => {
    const onward = request(
      new URL(asked.url ?? '/', cloudUrl),
      { method: asked.method, headers: asked.headers },
      (reply) => {
        answer.writeHead(reply.statusCode ?? 502, reply.headers)
        if (asked.url?.startsWith('/updates/'))
          reply.on('data', (chunk: Buffer) => {
            bytes += chunk.length
          })
        reply.pipe(answer)
      },
    )
    onward.on('error', () => answer.destroy())
    asked.pipe(onward)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bytes: () => bytes,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
