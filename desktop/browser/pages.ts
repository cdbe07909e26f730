import type { ServerResponse } from 'node:http'
import { readScreenFile } from '../screen/files.ts'
import { screenHeaders } from '../screen/headers.ts'

/** Answers with a file of the built screen, and nothing outside of it. */
export async function answerWithFile(
  { folder, origin, pathname }: { folder: string; origin: string; pathname: string },
  response: ServerResponse,
): Promise<void> {
  const headers = screenHeaders({ socket: origin.replace(/^http/, 'ws') })
  const file = await readScreenFile(folder, pathname)
  if (file) response.writeHead(200, { ...headers, 'content-type': file.type }).end(file.bytes)
  else
    response
      .writeHead(404, { ...headers, 'content-type': 'text/plain' })
      .end('There is nothing at this address.')
}
