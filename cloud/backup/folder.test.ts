import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile as write } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY } from '../../shared/time.ts'
import { placeFor, prune, writeFile } from './folder.ts'

const now = Date.parse('2026-11-21T03:30:00.123Z')
const sound = async () => {}

async function* lines(...texts: string[]) {
  yield* texts
}

describe('a folder of backups', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kopilka-backups-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('names each backup by its moment, and is made when it is not there', async () => {
    const file = await placeFor(join(folder, 'nightly'), now)
    expect(file).toBe(join(folder, 'nightly', 'kopilka-20261121T033000123Z.backup.gz'))
    expect(await readdir(join(folder, 'nightly'))).toEqual([])
  })

  it('takes a name that ends in .gz as the file itself, and never overwrites one', async () => {
    const mine = join(folder, 'mine.gz')
    expect(await placeFor(mine, now)).toBe(mine)
    await write(mine, 'kept')
    await expect(placeFor(mine, now)).rejects.toMatchObject({ code: 'file_exists' })
  })

  it('has a backup under its name only when it is complete and was checked', async () => {
    const file = await placeFor(folder, now)
    await writeFile(file, lines('one\n', 'two\n'), async (part) => {
      expect(await readdir(folder)).toEqual([expect.stringMatching(/^\.kopilka-.*\.part$/)])
      expect(gunzipSync(await readFile(part)).toString()).toBe('one\ntwo\n')
    })
    expect(await readdir(folder)).toEqual(['kopilka-20261121T033000123Z.backup.gz'])
  })

  it.skipIf(process.platform === 'win32')('lets nobody else read it', async () => {
    const file = await placeFor(join(folder, 'new'), now)
    await writeFile(file, lines('one\n'), sound)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect((await stat(join(folder, 'new'))).mode & 0o777).toBe(0o700)
  })

  it('is left as it was by a backup that fails, in its writing or its check', async () => {
    const file = await placeFor(folder, now)
    async function* broken() {
      yield 'one\n'
      throw new Error('the connection broke')
    }
    await expect(writeFile(file, broken(), sound)).rejects.toThrow('the connection broke')
    const check = () => Promise.reject(new Error('not whole'))
    await expect(writeFile(file, lines('one\n'), check)).rejects.toThrow('not whole')
    expect(await readdir(folder)).toEqual([])
  })

  it('keeps as many as are asked for, the one just made among them, and nothing of others is removed', async () => {
    const names = ['20261118T033000000Z', '20261119T033000000Z', '20261120T033000000Z', '20261121T033000123Z']
    const [first, second, third, made] = names.map((name) => `kopilka-${name}.backup.gz`) as [
      string,
      string,
      string,
      string,
    ]
    const foreign = ['.kopilka-new.part', 'kopilka-2026.backup.gz', 'mine.gz']
    for (const name of [first, second, third, made, ...foreign, '.kopilka-old.part'])
      await write(join(folder, name), '')
    await utimes(join(folder, '.kopilka-new.part'), new Date(now), new Date(now - DAY / 2))
    await utimes(join(folder, '.kopilka-old.part'), new Date(now), new Date(now - 2 * DAY))

    const removed = await prune(join(folder, made), { keep: 2, now })
    expect(removed).toEqual([join(folder, first), join(folder, second)])
    expect((await readdir(folder)).sort()).toEqual([...foreign, third, made].sort())
    expect(await prune(join(folder, third), { keep: 1, now })).toEqual([join(folder, made)])
  })
})
