import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

const SHARED = '../../../shared/styles'

const load = (name: string, type: string, files = [name]) => {
  const text = files.map((file) => readFileSync(new URL(file, import.meta.url), 'utf8')).join('')
  const version = createHash('sha256').update(text).digest('base64url').slice(0, 8)
  return { name, text, type, path: `/fleet/assets/${name}?v=${version}` }
}

const sheets = [`${SHARED}/base.css`, `${SHARED}/colours.css`, 'style.css']
const style = load('style.css', 'text/css; charset=utf-8', sheets)
const script = load('page.js', 'text/javascript; charset=utf-8')
const icon = load('icon.svg', 'image/svg+xml; charset=utf-8')

/** With the hash of what they are, so that a browser may keep them for ever. */
export const assetPaths = { style: style.path, script: script.path, icon: icon.path }

export const assets = new Map([style, script, icon].map((asset) => [asset.name, asset]))
