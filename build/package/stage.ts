import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { bundleParts } from '../parts.ts'
import type { PackageOptions, Trust } from './options.ts'
import { traceModules } from './trace.ts'

const ROOT = join(import.meta.dirname, '../..')
// Found by its name at run time, so that no trace leads to it; it is the same for every version of Electron.
const NATIVE = 'node_modules/better-sqlite3/prebuilds/win32-x64.node'

/** Makes the app's folder anew: the three bundles, what they load of other people's packages, and who it is. */
export async function stageApp(folder: string, { version, trust }: PackageOptions): Promise<void> {
  rmSync(folder, { recursive: true, force: true })
  await bundleParts(join(folder, 'dist'), version)
  const modules = traceModules(join(folder, 'dist/main/main.cjs'), join(ROOT, 'package.json'))
  for (const path of [...modules.map((file) => relative(ROOT, file)), NATIVE]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    cpSync(join(ROOT, path), join(folder, path))
  }
  const manifest = {
    name: 'kopilka',
    productName: 'Kopilka',
    version,
    description: 'Kopilka: the loyalty programme at the register',
    author: companyOf(trust),
    main: 'dist/main/main.cjs',
  }
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
}

/** The name within a full subject such as `CN=ООО Ромашка, O=…, C=RU`. */
function companyOf(trust: Trust): string {
  if (!trust.signed) return 'Kopilka'
  return /(?:^|,)\s*CN="?([^",]+)/.exec(trust.publisher)?.[1] ?? trust.publisher
}
