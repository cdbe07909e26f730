import { readFile } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json',
}

export interface ScreenFile {
  bytes: Buffer<ArrayBuffer>
  type: string
}

/** A file of the built screen by the path of its address, and nothing outside of the folder. */
export async function readScreenFile(folder: string, pathname: string): Promise<ScreenFile | null> {
  const path = decode(pathname)
  const name = path === '/' ? 'index.html' : path
  const inside = normalize(folder)
  const file = join(inside, name)
  if (!file.startsWith(inside.endsWith(sep) ? inside : inside + sep) || name.includes('\0')) return null
  const bytes = await readFile(file).catch(() => null)
  return bytes && { bytes, type: TYPES[extname(name)] ?? 'application/octet-stream' }
}

function decode(pathname: string): string {
  try {
    return decodeURIComponent(pathname)
  } catch {
    return '/'
  }
}
