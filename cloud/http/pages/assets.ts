import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Context } from 'hono'
import { FOR_EVER } from '../builtFiles.ts'
import type { App } from '../context.ts'

const types = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml; charset=utf-8',
}

/** What a page of the cloud's own needs beside its HTML. */
export interface Asset {
  name: string
  text: string
  type: string
  /** With the hash of what it is, so that a browser may keep it for ever. */
  path: string
}

/** Several files become one, which has the name of the last. */
export function readAsset(below: string, files: URL[]): Asset {
  const text = files.map((file) => readFileSync(file, 'utf8')).join('')
  const name = files.at(-1)?.pathname.split('/').at(-1) ?? ''
  const version = createHash('sha256').update(text).digest('base64url').slice(0, 8)
  const [, ending] = name.split('.')
  return { name, text, type: types[ending as keyof typeof types], path: `${below}/${name}?v=${version}` }
}

export const sendAsset = (c: Context, { text, type }: Asset) =>
  c.body(text, 200, { 'content-type': type, 'cache-control': FOR_EVER })

const here = (name: string) => new URL(name, import.meta.url)
const styles = '../../../shared/styles'

/** How every page looks. */
export const style = readAsset('/assets', [
  here(`${styles}/base.css`),
  here(`${styles}/colours.css`),
  here('style.css'),
])
export const icon = readAsset('/assets', [here('icon.svg')])

export function assetRoutes(app: App) {
  for (const asset of [style, icon]) app.get(`/assets/${asset.name}`, (c) => sendAsset(c, asset))
}
