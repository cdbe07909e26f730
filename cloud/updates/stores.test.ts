import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FileStore, StoreAway } from './fileStore.ts'
import { openFileStore } from './openFileStore.ts'
import { openS3StandIn } from './testing/s3.ts'

let root: string
let s3: Awaited<ReturnType<typeof openS3StandIn>>
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'kopilka-store-'))
  s3 = await openS3StandIn()
})
afterAll(async () => {
  await s3.close()
  await rm(root, { recursive: true })
})

const content = (text: string) => ({
  sizeBytes: Buffer.byteLength(text),
  async *bytes() {
    yield Buffer.from(text)
  },
})
const failing = () => ({
  sizeBytes: 10,
  async *bytes() {
    yield Buffer.from('half')
    throw new Error('the disk of who publishes broke')
  },
})
const textOf = async (store: FileStore, name: string, start: number, end: number) =>
  String(await buffer(store.read(name, { start, end })))

const kinds = {
  'a folder': () => openFileStore({ kind: 'folder', folder: join(root, 'files') }),
  'a store with the protocol of S3': () => openFileStore(s3.settings),
}

describe.each(Object.entries(kinds))('%s', (_kind, open) => {
  const name = 'Kopilka Setup (1.0.0+a).exe.0f'

  it('has nothing at first', async () => {
    expect(await open().list('')).toEqual([])
    expect(await open().stat(name)).toBe(null)
  })

  it('keeps what it was given, and reads pieces of it', async () => {
    const store = open()
    await store.put(name, content('0123456789'))
    expect(await store.stat(name)).toEqual({ sizeBytes: 10 })
    expect(await textOf(store, name, 0, 10)).toBe('0123456789')
    expect(await textOf(store, name, 3, 5)).toBe('34')
    expect(await textOf(store, name, 3, 3)).toBe('')
  })

  it('replaces a file that is written again', async () => {
    await open().put(name, content('another'))
    expect(await textOf(open(), name, 0, 7)).toBe('another')
  })

  it('lists by how names begin, however many there are', async () => {
    const names = ['a1', 'a2', 'a3', 'a4', 'a5', 'b1']
    for (const each of names) await open().put(each, content(each))
    expect((await open().list('a')).sort()).toEqual(names.slice(0, 5))
    expect((await open().list('')).sort()).toEqual([name, ...names].sort())
  })

  it('has nothing of a file whose writing failed', async () => {
    await expect(open().put('broken', failing())).rejects.toThrow()
    expect(await open().stat('broken')).toBe(null)
    expect(await open().list('broken')).toEqual([])
  })

  it('says that a file is not there when it is read', async () => {
    await expect(textOf(open(), 'nothing', 0, 1)).rejects.toThrow(StoreAway)
  })
})

it('a folder shows no part that a killed writer left, and the next writing removes it', async () => {
  const folder = join(root, 'killed')
  await mkdir(folder)
  await writeFile(join(folder, 'setup.exe.part-1234'), 'half of it')
  const store = openFileStore({ kind: 'folder', folder })
  expect(await store.list('')).toEqual([])
  await store.put('setup.exe', content('whole'))
  expect(await readdir(folder)).toEqual(['setup.exe'])
})

it('a store that refuses the key is away, and says what it answered', async () => {
  const store = openFileStore({ ...s3.settings, secretAccessKey: 'wrong' })
  await expect(store.list('')).rejects.toThrow(/answered 403 to a list: .*SignatureDoesNotMatch/)
  await expect(store.put('x', content('x'))).rejects.toThrow(StoreAway)
  await expect(store.stat('a1')).rejects.toThrow(StoreAway)
})

it('a store that nobody answers at is away', async () => {
  const store = openFileStore({ ...s3.settings, endpoint: 'http://127.0.0.1:9' })
  await expect(store.stat('a1')).rejects.toThrow(StoreAway)
})
