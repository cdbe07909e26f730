import { globSync, readFileSync } from 'node:fs'
import { createRequire, findPackageJSON, isBuiltin } from 'node:module'
import { dirname, extname, join } from 'node:path'
import { parseAst } from 'vite'

/**
 * The files of other people's packages that a bundle loads when it runs, and what must lie beside them: each
 * package's manifest and licence. `from` is where the bundle's own names are looked up.
 */
export function traceModules(
  bundle: string,
  from: string,
  findManifest: (name: string, from: string) => string | undefined = findPackageJSON,
): string[] {
  const found = new Set<string>()
  const waiting = [{ file: bundle, from }]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { resolve } = createRequire(next.from)
    for (const name of namesLoadedBy(next.file)) {
      if (isBuiltin(name) || name === 'electron') continue
      const file = resolve(name)
      if (found.has(file)) continue
      found.add(file)
      const manifest = findManifest('.', file)
      if (!manifest) throw new Error(`${file} is in no package.`)
      for (const beside of besides(plainPath(manifest))) found.add(beside)
      if (extname(file) !== '.json') waiting.push({ file, from: file })
    }
  }
  return [...found].sort()
}

function namesLoadedBy(file: string): string[] {
  const names: string[] = []
  visit(parseAst(readFileSync(file, 'utf8'), { sourceType: 'unambiguous' }), (node) => {
    const isRequire = node.type === 'CallExpression' && node.callee?.name === 'require'
    const given = isRequire
      ? node.arguments?.[0]?.value
      : node.type.startsWith('Import') && node.source?.value
    if (typeof given === 'string') names.push(given)
  })
  return names
}

/** Node answers on Windows in the long form, `\\\\?\\C:\\…`, which is relative to nothing and cannot be copied to. */
export function plainPath(path: string): string {
  return path.replace(/^\\\\\?\\(UNC\\)?/, (_, unc) => (unc ? '\\\\' : ''))
}

function besides(manifest: string): string[] {
  const folder = dirname(manifest)
  return [manifest, ...globSync('{LICEN[CS]E,license}*', { cwd: folder }).map((name) => join(folder, name))]
}

type Node = {
  type: string
  callee?: { name?: string }
  arguments?: { value?: unknown }[]
  source?: { value?: unknown } | null
}

function visit(value: unknown, see: (node: Node) => void): void {
  if (typeof value !== 'object' || value === null) return
  if ('type' in value && typeof value.type === 'string') see(value as Node)
  for (const part of Object.values(value)) visit(part, see)
}
