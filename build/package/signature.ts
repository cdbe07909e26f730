import { verifySignature } from 'electron-updater/out/windowsExecutableCodeSignatureVerifier.js'

const silent = { info() {}, warn() {}, error() {} }

/**
 * Why the kiosks of this publisher would refuse the installer, asked of their own check; null when they would not. It asks
 * Windows: anywhere else there is nobody to ask, and its command would only leave a file `NUL` behind.
 */
export async function refusalOf(installer: string, publisher: string): Promise<string | null> {
  if (process.platform !== 'win32') return null
  return await verifySignature([publisher], installer, silent)
}
