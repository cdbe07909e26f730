import type { ServerResponse } from 'node:http'
import { readScreenFile } from './files.ts'

/** Answers with a file of the built screen, and nothing outside of it. */
export async function answerWithFile(
  { folder, headers, pathname }: { folder: string; headers: Record<string, string>; pathname: string },
  response: ServerResponse,
): Promise<void> {
  const file = await readScreenFile(folder, pathname)
  if (file) response.writeHead(200, { ...headers, 'content-type': file.type }).end(file.bytes)
  else
    response
      .writeHead(404, { ...headers, 'content-type': 'text/plain' })
      .end('There is nothing at this address.')
}
