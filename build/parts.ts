import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, normalizePath, type Plugin } from 'vite'

const PARTS = ['renderer', 'display', 'main', 'preload']
const MANIFEST = join(import.meta.dirname, '../package.json')

/** The screen for both shells, and the two halves of the Electron shell, each into a folder of its own. */
export async function bundleParts(into: string, version = versionOf(MANIFEST)): Promise<void> {
  for (const part of PARTS) {
    const root = join(import.meta.dirname, '../desktop', part)
    await build({
      root,
      configFile: join(root, 'vite.config.ts'),
      plugins: [onlyVersion(version)],
      build: { outDir: join(into, part), emptyOutDir: true },
      logLevel: 'warn',
    })
  }
}

export function versionOf(manifest: string): string {
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version
}

/** Of the project's manifest only the version goes into the program, and it is the one that is being made. */
function onlyVersion(version: string): Plugin {
  return {
    name: 'kopilka:version',
    load: (id) => (id === normalizePath(MANIFEST) ? JSON.stringify({ version }) : null),
  }
}
