import { readdir, readFile } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import type { Context } from 'hono'

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

type Bytes = Uint8Array<ArrayBuffer>
interface BuiltFile {
  type: string
  bytes: Bytes
  /** The compressed forms; null where the file is compressed already. */
  packed: { br: Bytes; gzip: Bytes } | null
}

/** The files of a built program by their path. Few and small: they are kept in memory, also packed. */
export type BuiltFiles = Map<string, BuiltFile>

/** Reads all files at once, so that they fit together while the program is built anew; null where it was never built. */
export async function readBuiltFiles(folder: string): Promise<BuiltFiles | null> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const files: BuiltFiles = new Map()
  for (const path of paths) files.set(path.slice(folder.length + 1).replaceAll(sep, '/'), await readOne(path))
  return files.has('index.html') ? files : null
}

async function readOne(path: string): Promise<BuiltFile> {
  const type = TYPES[extname(path)] ?? 'application/octet-stream'
  const bytes = new Uint8Array(await readFile(path))
  if (type === 'font/woff2') return { type, bytes, packed: null }
  const [br, gz] = await Promise.all([promisify(brotliCompress)(bytes), promisify(gzip)(bytes)])
  return { type, bytes, packed: { br: new Uint8Array(br), gzip: new Uint8Array(gz) } }
}

/** The caching of a file whose name changes with its content. */
export const FOR_EVER = 'public, max-age=31536000, immutable'

/** Sends a file in the smallest form that the client accepts; null where there is no such file. */
export function sendBuilt(c: Context, file: BuiltFile | undefined, cacheControl: string): Response | null {
  if (!file) return null
  const encoding = file.packed && chooseEncoding(c.req.header('accept-encoding') ?? '')
  if (file.packed) c.header('Vary', 'Accept-Encoding')
  if (encoding) c.header('Content-Encoding', encoding)
  c.header('Content-Type', file.type)
  c.header('Cache-Control', cacheControl)
  return c.body(encoding && file.packed ? file.packed[encoding] : file.bytes)
}

function chooseEncoding(accepted: string): 'br' | 'gzip' | null {
  const known = accepted.split(',').map((part) => part.trim().split(';')[0])
  return known.includes('br') ? 'br' : known.includes('gzip') ? 'gzip' : null
}
