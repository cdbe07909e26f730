import { rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { faultsOf } from './package/inspect.ts'
import { makeInstaller } from './package/make.ts'
import { packageUsage, readPackageOptions } from './package/options.ts'
import { describePackage } from './package/report.ts'
import { refusalOf } from './package/signature.ts'
import { stageApp } from './package/stage.ts'
import { versionOf } from './parts.ts'

// npm run package: the installer of the kiosk for 64-bit Windows, looked through before it is called made.

const ROOT = join(import.meta.dirname, '..')
const read = readPackageOptions(process.argv.slice(2), { version: versionOf(join(ROOT, 'package.json')) })
if ('problem' in read) {
  console.error(`${read.problem}\n\n${packageUsage}`)
  process.exit(2)
}

const { options } = read
const appFolder = join(ROOT, 'dist/app')
const output = resolve(ROOT, options.output)
try {
  await stageApp(appFolder, options)
  const installer = await makeInstaller(appFolder, options)
  const faults = await faultsOf(join(output, 'win-unpacked'))
  const refusal = options.trust.signed ? await refusalOf(installer, options.trust.publisher) : null
  if (refusal) faults.push(`the kiosks would refuse this update: ${refusal}`)
  if (faults.length > 0) {
    // Without its list it cannot be published.
    rmSync(join(output, 'latest.yml'))
    throw new Error(`This must not be installed:\n  ${faults.join('\n  ')}`)
  }
  console.log(describePackage(options, installer))
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : String(error)}\n\n${needs()}`)
  process.exit(1)
}

function needs(): string {
  return `The package was not made. It needs Windows, or wine beside Linux; and access to github.com, from where
electron-builder fetches Electron, 7-Zip, NSIS and the tools for signing when it is first used. What was reached is in
${options.output}; what belongs into the app is in dist/app.`
}
