import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openVoucherKey } from './voucherKey.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kopilka-voucher-key-'))
})
afterEach(() => rm(folder, { recursive: true }))

const open = () => openVoucherKey({ voucherKey: undefined, dataDir: folder })()

const withoutHardLinks = `import fs from 'node:fs'; import { syncBuiltinESMExports } from 'node:module'
  fs.linkSync = () => { throw new Error('EPERM: operation not permitted, link') }; syncBuiltinESMExports()`

/** In a process of its own, whose files may have so many blocks, on a file system that knows no hard links. */
const openWithin = (blocks: number | 'unlimited') =>
  promisify(execFile)('sh', [
    ...['-c', `ulimit -f ${blocks}; exec "$0" --import "$1" --input-type=module --eval "$2"`],
    ...[process.execPath, `data:text/javascript,${encodeURIComponent(withoutHardLinks)}`],
    `import { openVoucherKey } from '${join(import.meta.dirname, 'voucherKey.ts')}'
    console.log(openVoucherKey({ dataDir: '${folder}' })().fingerprint.toString('hex'))`,
  ])

test('the key that the first who needs one has made is that of all, and nobody else reads it', async () => {
  const made = await Promise.all([1, 2, 3].map(() => openWithin('unlimited')))
  const fingerprints = new Set(made.map(({ stdout }) => stdout.trim()))
  expect([...fingerprints]).toEqual([open().fingerprint.toString('hex')])
  expect(await readdir(folder)).toEqual(['voucher.key'])
  expect((await stat(join(folder, 'voucher.key'))).mode & 0o777).toBe(0o600)
})

test('a disk that was full when the key was to be made leaves no half of one', async () => {
  await expect(openWithin(0)).rejects.toThrow('EFBIG')
  expect(await readdir(folder)).toEqual([])
  expect(open().fingerprint).toHaveLength(32)
})
