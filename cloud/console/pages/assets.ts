import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** With the hash of what it is, so that a browser may keep it for ever. */
function scriptOf(name: string) {
  const text = readFileSync(new URL(name, import.meta.url), 'utf8')
  const version = createHash('sha256').update(text).digest('base64url').slice(0, 8)
  return { name, text, path: `/console/assets/${name}?v=${version}` }
}

export const welcomeScript = scriptOf('welcome.js')
export const passkeyScript = scriptOf('passkey.js')
