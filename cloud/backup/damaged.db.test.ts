import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createBareDatabase, createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { readRelations } from './catalogue.ts'
import { restore } from './restore.ts'
import { backUpTo, liveALittle } from './testing.ts'

let target: TestDatabase
let folder: string
let file: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kopilka-backup-'))
  target = await createBareDatabase()
  const source = await createTestDatabase()
  await liveALittle(source.sql)
  file = await backUpTo(source.sql, join(folder, 'whole.gz'))
  await source.drop()
})
afterAll(async () => {
  await target.drop()
  await rm(folder, { recursive: true })
})

describe('a file that is no whole backup is refused before anything is written', () => {
  const text = async () => gunzipSync(await readFile(file)).toString()
  const linesOf = async () => (await text()).trimEnd().split('\n')
  const packed = (lines: string[]) => gzipSync(`${lines.join('\n')}\n`)
  const without = (lines: string[], index: number) => lines.filter((_, at) => at !== index)
  const firstRow = (lines: string[]) => lines.findIndex((line) => line.startsWith('['))

  const damages: [string, () => Promise<Buffer>][] = [
    ['it is empty', async () => Buffer.alloc(0)],
    ['it is something else', async () => Buffer.from('PK not gzip')],
    ['it was cut in the middle', async () => (await readFile(file)).subarray(0, 2000)],
    ['its last byte is missing', async () => (await readFile(file)).subarray(0, -1)],
    [
      'a bit was turned',
      async () => {
        const bytes = await readFile(file)
        bytes[1500] = (bytes[1500] ?? 0) ^ 1
        return bytes
      },
    ],
    ['its end is missing', async () => packed((await linesOf()).slice(0, -1))],
    ['its last line is cut off', async () => gzipSync((await text()).slice(0, -2))],
    ['a row is missing', async () => packed(without(await linesOf(), firstRow(await linesOf())))],
    [
      'a table is missing',
      async () => packed((await linesOf()).filter((line) => line !== '{"table":"holds"}')),
    ],
    [
      'a balance was changed',
      async () => packed((await linesOf()).map((line) => line.replace('"500"', '"501"'))),
    ],
    [
      'the header was changed',
      async () => packed((await linesOf()).map((line) => line.replace('_id_seq":', '_id_seq":1'))),
    ],
    ['rows stand before their table', async () => packed((await linesOf()).toSpliced(1, 0, '["1"]'))],
    ['something follows its end', async () => packed([...(await linesOf()), '["1"]'])],
    ['a line is no JSON', async () => packed((await linesOf()).toSpliced(3, 0, 'drop table customers;'))],
    ['it is of another format', async () => packed([(await text()).replace('"format":1', '"format":2')])],
  ]

  it.each(damages)('%s', async (_what, damage) => {
    const path = join(folder, 'damaged.gz')
    await writeFile(path, await damage())
    expect(await readFile(path)).not.toEqual(await readFile(file))
    await expect(restore(target.sql, path, { record: async () => {} })).rejects.toMatchObject({
      code: 'backup_damaged',
      message: expect.stringContaining(path),
    })
    expect(await target.sql.begin((sql) => readRelations(sql))).toEqual([])
  })

  it('it is not there, or a folder', async () => {
    for (const path of [join(folder, 'nowhere.gz'), folder])
      await expect(restore(target.sql, path, { record: async () => {} })).rejects.toMatchObject({
        code: 'backup_not_found',
      })
  })
})
