import { statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { filesOf, sizeOf } from './inspect.ts'
import type { PackageOptions } from './options.ts'

/** What was made, for whoever made it. */
export function describePackage({ trust, output }: PackageOptions, installer: string): string {
  const folder = dirname(installer)
  const appFolder = join(folder, 'win-unpacked')
  const made = [basename(installer), `${basename(installer)}.blockmap`, 'latest.yml']
  const lines = made.map((name) => `  ${name.padEnd(44)} ${inUnits(statSync(join(folder, name)).size)}`)
  const ours = filesOf(appFolder).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  return `
${output}:
${lines.join('\n')}

Installed it takes ${inUnits(sizeOf(appFolder))}; ${inUnits(ours)} of that is ours, the rest is Electron.
${
  trust.signed
    ? `Its updates must be signed by ${trust.publisher}.`
    : 'UNSIGNED: Windows warns whoever installs it, and nothing proves where its updates come from.'
}
To give it to registers: npm run admin -- release publish ${output} --channel beta --percent 10`
}

function inUnits(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}
