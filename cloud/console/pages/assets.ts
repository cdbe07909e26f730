import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

const text = readFileSync(new URL('welcome.js', import.meta.url), 'utf8')
const version = createHash('sha256').update(text).digest('base64url').slice(0, 8)

/** With the hash of what it is, so that a browser may keep it for ever. */
export const welcomeScript = { text, path: `/console/assets/welcome.js?v=${version}` }
