import { readdir, readFile } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

type Bytes = Uint8Array<ArrayBuffer>
interface PortalFile {
  type: string
  bytes: Bytes
  /** Not for what is compressed already. */
  packed: { br: Bytes; gzip: Bytes } | null
}

/** The files of the built Mini App by their path. Few and small: they are kept in memory, also packed. */
export type Portal = Map<string, PortalFile>

/** All at once, so that what is shown fits together while it is built anew; null where it was never built. */
export async function readPortal(folder: string): Promise<Portal | null> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const portal: Portal = new Map()
  for (const path of paths)
    portal.set(path.slice(folder.length + 1).replaceAll(sep, '/'), await readOne(path))
  return portal.has('index.html') ? portal : null
}

async function readOne(path: string): Promise<PortalFile> {
  const type = TYPES[extname(path)] ?? 'application/octet-stream'
  const bytes = new Uint8Array(await readFile(path))
  if (type === 'font/woff2') return { type, bytes, packed: null }
  const [br, gz] = await Promise.all([promisify(brotliCompress)(bytes), promisify(gzip)(bytes)])
  return { type, bytes, packed: { br: new Uint8Array(br), gzip: new Uint8Array(gz) } }
}
