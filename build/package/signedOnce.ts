import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, globSync, mkdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'

/**
 * What was signed before is put in the place of what was signed just now: a signature has its own time in it, and the
 * same library signed anew is a download for every kiosk. New ones are kept in the folder for the packages to come.
 */
export function keepSigned(appFolder: string, keptFolder: string, publisher: string): void {
  mkdirSync(keptFolder, { recursive: true })
  for (const name of globSync('**/*.{dll,node}', { cwd: appFolder }).sort()) {
    const file = join(appFolder, name)
    const key = createHash('sha256').update(publisher).update(contentHash(file)).digest('hex')
    const kept = join(keptFolder, `${key}${extname(name)}`)
    const isSound = existsSync(kept) && contentHash(kept) === contentHash(file)
    if (isSound) copyFileSync(kept, file)
    else copyFileSync(file, kept)
  }
}

const PE_AT = 0x3c
const CHECKSUM = 64
const PLUS = 0x20b

/** Of everything that a signature is about: the same before it was signed and after, and however often. */
export function contentHash(path: string): string {
  const bytes = readFileSync(path)
  const hash = createHash('sha256')
  const pe =
    bytes.length > PE_AT + 4 && bytes.toString('latin1', 0, 2) === 'MZ' ? bytes.readUInt32LE(PE_AT) : null
  if (pe === null || bytes.toString('latin1', pe, pe + 4) !== 'PE\0\0')
    return hash.update(bytes).digest('hex')

  // Authenticode leaves out the checksum, where the signature is, and the signature, which is at the end.
  const header = pe + 24
  const directories = header + (bytes.readUInt16LE(header) === PLUS ? 112 : 96)
  const security = directories + 4 * 8
  const signature = bytes.readUInt32LE(security) || bytes.length
  hash.update(bytes.subarray(0, header + CHECKSUM))
  hash.update(bytes.subarray(header + CHECKSUM + 4, security))
  hash.update(bytes.subarray(security + 8, signature))
  // The signer fills the last eight bytes up.
  hash.update(Buffer.alloc((8 - (signature % 8)) % 8))
  return hash.digest('hex')
}
