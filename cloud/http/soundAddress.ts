import { createMiddleware } from 'hono/factory'
import { ApiFailure } from './errors.ts'

/**
 * An address that cannot be read, its host included, or a path with NUL in it, names nothing; further in it could only be a fault of
 * ours. What stands in a query is judged by its schema.
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
