import { parseArgs } from 'node:util'
import { isVersion } from '../../shared/version.ts'

/** `signed`: every update of this kiosk must be signed by this publisher, or the kiosk refuses it. */
export type Trust = { signed: true; publisher: string } | { signed: false }
export type PackageOptions = {
  version: string
  trust: Trust
  output: string
  /** Where libraries wait, signed once, for the packages to come. */
  signed: string
  /** Electron's own distribution for 64-bit Windows, a folder or a zip; null: fetched. */
  electron: string | null
}

export const packageUsage = `npm run package -- --publisher <name> [options]
  --publisher  whose certificate signs the kiosk: its CN, or better its whole subject; the certificate itself
               is in CSC_LINK, its password in CSC_KEY_PASSWORD
  --unsigned   instead: signed by nobody, and its updates are not checked for a signature
  --version    of the kiosk, such as 1.2.3 or 1.2.3-beta.1 (default: that of package.json)
  --output     the folder that is made anew (default dist/package)
  --signed     the folder where signed libraries are kept, so that an update does not bring them again: keep it from
               package to package (default dist/signed)
  --electron   Electron's distribution for 64-bit Windows, a folder or a zip (default: fetched)`

/** What the command line says, or why no package can be made of it. */
export function readPackageOptions(
  args: string[],
  defaults: { version: string },
): { options: PackageOptions } | { problem: string } {
  try {
    const { values } = parseArgs({
      args,
      options: {
        publisher: { type: 'string' },
        unsigned: { type: 'boolean' },
        version: { type: 'string', default: defaults.version },
        output: { type: 'string', default: 'dist/package' },
        signed: { type: 'string', default: 'dist/signed' },
        electron: { type: 'string' },
      },
    })
    const { publisher = '', unsigned = false, version, output, signed, electron = null } = values
    const name = publisher.trim()
    if (name && unsigned) return { problem: '--publisher and --unsigned exclude each other.' }
    if (!name && !unsigned)
      return {
        problem: 'Who is the publisher? Say --publisher, or --unsigned for a kiosk to try things with.',
      }
    if (!isVersion(version)) return { problem: `${version} is no version: 1.2.3 or 1.2.3-beta.1` }
    return {
      options: {
        version,
        trust: unsigned ? { signed: false } : { signed: true, publisher: name },
        output,
        signed,
        electron,
      },
    }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}
