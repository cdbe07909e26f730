import { createMiddleware } from 'hono/factory'
import { ApiFailure } from './errors.ts'

/**
 * Refuses an address that cannot be read, its host included, or whose path has a NUL: further in it could only look like a
 * fault of ours. A query is judged by the schema of its route.
 */
export const soundAddress = createMiddleware(async (c, next) => {
  if (c.req.path.includes('\0') || !isReadable(c.req.url))
    throw new ApiFailure(400, 'malformed', 'The address is not one that can be read.')
  await next()
})

function isReadable(url: string): boolean {
  if (!URL.canParse(url)) return false
  if (!url.includes('%')) return true
  try {
    return decodeURIComponent(url) !== ''
  } catch {
    return false
  }
}
