import { bodyLimit } from 'hono/body-limit'
import { createMiddleware } from 'hono/factory'
import { ApiFailure } from './errors.ts'

/** 500 operations are about 150 kB; nothing honest is larger than this. */
const LIMIT_BYTES = 1024 * 1024

const tooLarge = () => new ApiFailure(413, 'too_large', 'The body is larger than 1 MiB.')

const countBytes = bodyLimit({
  maxSize: LIMIT_BYTES,
  onError: () => {
    throw tooLarge()
  },
})

/** A declared length is believed, because Node reads no further; only a body without one must be counted. */
export const limitBody = createMiddleware(async (c, next) => {
  const declared = c.req.header('content-length')
  if (declared === undefined || c.req.header('transfer-encoding')) return await countBytes(c, next)
  if (Number(declared) > LIMIT_BYTES) throw tooLarge()
  await next()
})
