import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Arch, build, type Configuration, Platform } from 'electron-builder'
import type { PackageOptions, Trust } from './options.ts'
import { keepSigned } from './signedOnce.ts'

const ROOT = join(import.meta.dirname, '../..')

/** What electron-builder.yml cannot know: who signs. */
function signingOf(trust: Trust): Configuration {
  if (!trust.signed)
    return {
      win: { signExecutable: false, signtoolOptions: { publisherName: null } },
      forceCodeSigning: false,
    }
  // A kiosk that trusts this publisher would refuse every update if its own installer were made without a certificate.
  return { win: { signtoolOptions: { publisherName: [trust.publisher] } }, forceCodeSigning: true }
}

/** Makes the installer of a staged app, with everything an update needs beside it; answers its path. */
export async function makeInstaller(appFolder: string, options: PackageOptions): Promise<string> {
  const output = resolve(ROOT, options.output)
  emptyOutput(output)
  const made = await build({
    projectDir: ROOT,
    targets: new Map([[Platform.WINDOWS, new Map([[Arch.x64, ['nsis']]])]]),
    publish: 'never',
    config: {
      extends: 'electron-builder.yml',
      directories: { app: appFolder, output },
      // The modules are staged already, and their native part fits every version of Electron.
      beforeBuild: async () => false,
      ...(options.electron && { electronDist: resolve(options.electron) }),
      ...signingOf(options.trust),
      async afterSign({ appOutDir }) {
        const { trust, signed } = options
        if (trust.signed) keepSigned(appOutDir, resolve(ROOT, signed), trust.publisher)
      },
    },
  })
  const installer = made.find((path) => path.endsWith('.exe'))
  if (!installer) throw new Error('electron-builder made no installer.')
  rmSync(join(output, 'builder-debug.yml'), { force: true })
  return installer
}

function emptyOutput(folder: string): void {
  const held = existsSync(folder) ? readdirSync(folder) : []
  if (held.length > 0 && !held.includes('win-unpacked'))
    throw new Error(`${folder} holds something else than a package: name another --output.`)
  rmSync(folder, { recursive: true, force: true })
}
