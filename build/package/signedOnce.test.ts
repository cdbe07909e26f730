import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { contentHash, keepSigned } from './signedOnce.ts'

const NATIVE = join(import.meta.dirname, '../../node_modules/better-sqlite3/prebuilds/win32-x64.node')

/** Lays a signature at the end, as a signing tool does: filled up to eight bytes, its place and a checksum in the header. */
function sign(path: string, signature: string): void {
  const bytes = readFileSync(path)
  const header = bytes.readUInt32LE(0x3c) + 24
  const filled = Buffer.concat([bytes, Buffer.alloc((8 - (bytes.length % 8)) % 8)])
  filled.writeUInt32LE(signature.length, header + 64)
  filled.writeUInt32LE(filled.length, header + 112 + 4 * 8)
  filled.writeUInt32LE(signature.length, header + 112 + 4 * 8 + 4)
  writeFileSync(path, Buffer.concat([filled, Buffer.from(signature)]))
}

describe('a library that was signed', () => {
  let root: string
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'kopilka-signed-'))
  })
  afterEach(() => rmSync(root, { recursive: true }))

  /** One package: its native module, signed just now. */
  function make(name: string, signature: string, { publisher = 'CN=A', more = '' } = {}): Buffer {
    const file = join(root, name, 'resources/app.asar.unpacked/native.node')
    mkdirSync(dirname(file), { recursive: true })
    copyFileSync(NATIVE, file)
    if (more) writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.from(more)]))
    sign(file, signature)
    keepSigned(join(root, name), join(root, 'signed'), publisher)
    return readFileSync(file)
  }

  it('is known by its content, signed or not', () => {
    const file = join(root, 'native.node')
    copyFileSync(NATIVE, file)
    for (const signature of ['one', 'another, longer one']) {
      copyFileSync(NATIVE, file)
      sign(file, signature)
      expect(contentHash(file)).toBe(contentHash(NATIVE))
    }
    writeFileSync(file, Buffer.concat([readFileSync(NATIVE), Buffer.from('code')]))
    expect(contentHash(file)).not.toBe(contentHash(NATIVE))
  })

  it('is the same in the next package, which was signed at another time', () => {
    const first = make('1.0.0', 'signed in May')
    expect(make('1.0.1', 'signed in June').equals(first)).toBe(true)
    expect(readdirSync(join(root, 'signed'))).toHaveLength(1)
  })

  it('is signed anew for another publisher, and when it is another library', () => {
    make('1.0.0', 'signed in May')
    const others = { publisher: 'CN=B' }
    expect(make('1.0.1', 'signed in June', others).toString('latin1')).toContain('signed in June')
    expect(make('1.0.2', 'signed in July', { more: 'code' }).toString('latin1')).toContain('signed in July')
  })

  it('is not taken from what is broken', () => {
    make('1.0.0', 'signed in May')
    const [kept = ''] = readdirSync(join(root, 'signed'))
    writeFileSync(join(root, 'signed', kept), 'half of it')
    expect(make('1.0.1', 'signed in June').toString('latin1')).toContain('signed in June')
    expect(readFileSync(join(root, 'signed', kept), 'latin1')).toContain('signed in June')
  })
})
