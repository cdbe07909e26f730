import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hashSecret } from '../access/secrets.ts'
import { perform } from '../acts/act.ts'
import { setChannel } from '../acts/registers.ts'
import { changePercent, promoteRelease, pullRelease } from '../acts/releases.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import type { FileStore } from '../updates/fileStore.ts'
import { openFolderStore } from '../updates/folderStore.ts'
import { filesOf, storedName } from '../updates/releases.ts'
import { installerBytes, installerName, latestYml, makeReleaseFolder } from '../updates/testing.ts'
import type { House } from './command.ts'
import { publishFolder, releaseCommands, showReleases } from './releases.ts'
import { changesIn, houseOf } from './testing.ts'

describe('releases', () => {
  let root: string
  let database: TestDatabase
  let store: FileStore
  let house: House
  let warnings: string[]
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'kopilka-releases-'))
    database = await createTestDatabase()
    store = openFolderStore(join(root, 'store'))
    warnings = []
    house = { ...houseOf(database.sql, undefined, store), warn: (text) => warnings.push(text) }
  })
  afterEach(async () => {
    await database.drop()
    await rm(root, { recursive: true })
  })

  const make = async (version: string, bytes = installerBytes(100_000)) =>
    (await makeReleaseFolder(root, version, bytes)).folder
  const publish = async (version: string, channel: 'stable' | 'beta' = 'stable', percent = 100) =>
    await publishFolder(house, { folder: await make(version), channel, percent })
  const rows = async () =>
    (await showReleases(house)).releases.map(({ version, channel }) => [version, channel])

  it('are published, promoted, widened and pulled, and the log of changes has it all', async () => {
    expect(await publish('1.0.0-beta.1', 'beta', 10)).toEqual({
      version: '1.0.0-beta.1',
      channel: 'beta',
      percent: 10,
    })
    await perform(changePercent, { version: '1.0.0-beta.1', channel: 'beta', percent: 100 }, house)
    await perform(promoteRelease, { version: '1.0.0-beta.1', percent: 50 }, house)
    expect(await rows()).toEqual([
      ['1.0.0-beta.1', 'stable'],
      ['1.0.0-beta.1', 'beta'],
    ])
    await perform(pullRelease, { version: '1.0.0-beta.1' }, house)
    const { releases } = await showReleases(house)
    expect(releases.every(({ pulledAt }) => pulledAt !== null)).toBe(true)
    const changes = await changesIn(database.sql)
    expect(changes.map(({ action, before, after }) => [action, before, after])).toEqual([
      ['release publish', null, { channel: 'beta', percent: 10 }],
      ['release percent', { channel: 'beta', percent: 10 }, { channel: 'beta', percent: 100 }],
      ['release promote', null, { channel: 'stable', percent: 50 }],
      ['release pull', null, { channels: 'beta, stable' }],
    ])
    expect(new Set(changes.map(({ subject }) => subject))).toEqual(new Set(['release 1.0.0-beta.1']))
  })

  it('are listed with how many registers run them', async () => {
    await publish('1.0.0')
    await database.sql`insert into stores (name) values ('Ашукино')`
    await database.sql`
      insert into registers (store_id, name, key_hash, version, revoked_at)
      values (1, 'Касса 1', ${hashSecret('1')}, '1.0.0', null), (1, 'Касса 2', ${hashSecret('2')}, '1.0.0', now())`
    const { releases, unpublishedFiles } = await showReleases(house)
    expect(releases).toMatchObject([
      { version: '1.0.0', channel: 'stable', percent: 100, running: 1, pulledAt: null },
    ])
    expect(unpublishedFiles).toEqual([])
  })

  const refusedAs = (code: string) => expect.objectContaining({ code })

  it('are not published from a folder that is not whole', async () => {
    const folder = await make('1.0.0')
    const installer = join(folder, installerName('1.0.0'))
    const attempt = () => publishFolder(house, { folder, channel: 'stable', percent: 100 })

    await writeFile(join(folder, 'latest.yml'), latestYml('1.0.0', installerBytes(100_000)))
    await expect(attempt()).rejects.toEqual(refusedAs('file_differs'))
    await rename(`${installer}.blockmap`, `${installer}.map`)
    await expect(attempt()).rejects.toEqual(refusedAs('file_differs'))
    await rm(installer)
    await expect(attempt()).rejects.toEqual(refusedAs('no_release'))
    await rm(join(folder, 'latest.yml'))
    await expect(attempt()).rejects.toEqual(refusedAs('no_release'))
    expect(await store.list('')).toEqual([])
    expect(await rows()).toEqual([])
  })

  it('are not published without a blockmap, or with one of another file', async () => {
    const folder = await make('1.0.0')
    const other = await make('2.0.0', installerBytes(50_000))
    const blockmap = join(folder, `${installerName('1.0.0')}.blockmap`)
    const attempt = () => publishFolder(house, { folder, channel: 'stable', percent: 100 })
    await rename(join(other, `${installerName('2.0.0')}.blockmap`), blockmap)
    await expect(attempt()).rejects.toEqual(refusedAs('file_differs'))
    await writeFile(blockmap, 'no blockmap')
    await expect(attempt()).rejects.toEqual(refusedAs('file_differs'))
    await rm(blockmap)
    await expect(attempt()).rejects.toEqual(refusedAs('no_release'))
  })

  it('never change their bytes: another build needs a higher version', async () => {
    await publish('1.0.0')
    await expect(publish('1.0.0')).rejects.toEqual(refusedAs('version_taken'))
    await expect(publish('1.0.0', 'beta')).rejects.toEqual(refusedAs('version_taken'))
  })

  it('are published once a channel; the same build may go on another one', async () => {
    const folder = await make('1.0.0')
    const on = (channel: 'stable' | 'beta') => publishFolder(house, { folder, channel, percent: 100 })
    await on('stable')
    await expect(on('stable')).rejects.toEqual(refusedAs('already_published'))
    await on('beta')
    expect(await rows()).toEqual([
      ['1.0.0', 'stable'],
      ['1.0.0', 'beta'],
    ])
  })

  it('whose files the store has lost have them again when they are published again', async () => {
    const folder = await make('1.0.0')
    const attempt = () => publishFolder(house, { folder, channel: 'stable', percent: 100 })
    await attempt()
    const stored = await store.list('')
    await rm(join(root, 'store'), { recursive: true })
    await expect(attempt()).rejects.toEqual(refusedAs('already_published'))
    expect(await store.list('')).toEqual(stored)
  })

  it('of two builds of one version that are published at once, one is there, and it is whole', async () => {
    const one = await makeReleaseFolder(join(root, 'one'), '1.0.0', installerBytes(100_000))
    const other = await makeReleaseFolder(join(root, 'other'), '1.0.0', installerBytes(100_000))
    const attempts = [one, other].map(({ folder }) =>
      publishFolder(house, { folder, channel: 'stable', percent: 100 }),
    )
    const results = await Promise.allSettled(attempts)
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await rows()).toEqual([['1.0.0', 'stable']])
    const files = await filesOf(database.sql, '1.0.0')
    expect(files.map(({ kind }) => kind)).toEqual(['blockmap', 'installer'])
    const stored = await Promise.all(files.map(async (file) => await store.stat(storedName(file))))
    expect(stored).toEqual(files.map(({ sizeBytes }) => ({ sizeBytes })))
  })

  it('are not handed out when the store does not give back what it was given', async () => {
    const forgetful: FileStore = {
      ...store,
      async *read(name, range) {
        for await (const chunk of store.read(name, range)) yield Buffer.alloc(chunk.length)
      },
    }
    const folder = await make('1.0.0')
    const attempt = publishFolder(
      { ...house, updates: forgetful },
      { folder, channel: 'stable', percent: 100 },
    )
    await expect(attempt).rejects.toEqual(refusedAs('store_damaged'))
    expect(await rows()).toEqual([])
    await publishFolder(house, { folder, channel: 'stable', percent: 100 })
    expect(await rows()).toEqual([['1.0.0', 'stable']])
  })

  it('that were pulled stay pulled', async () => {
    const folder = await make('1.0.0')
    await publishFolder(house, { folder, channel: 'beta', percent: 100 })
    await perform(pullRelease, { version: '1.0.0' }, house)
    await perform(pullRelease, { version: '1.0.0' }, house)
    const pulled = refusedAs('release_pulled')
    await expect(publishFolder(house, { folder, channel: 'stable', percent: 100 })).rejects.toEqual(pulled)
    await expect(perform(promoteRelease, { version: '1.0.0', percent: 100 }, house)).rejects.toEqual(pulled)
    const percent = { version: '1.0.0', channel: 'beta' as const, percent: 50 }
    await expect(perform(changePercent, percent, house)).rejects.toEqual(pulled)
  })

  it('that are older than what is there are published with a warning', async () => {
    await publish('1.1.0')
    await publish('1.0.0')
    expect(warnings).toEqual(['stable has 1.1.0 already, and registers never go back to 1.0.0.'])
  })

  it('that are not there cannot be changed', async () => {
    const missing = refusedAs('release_not_found')
    await expect(perform(pullRelease, { version: '9.9.9' }, house)).rejects.toEqual(missing)
    await expect(perform(promoteRelease, { version: '9.9.9', percent: 100 }, house)).rejects.toEqual(missing)
    await publish('1.0.0')
    await expect(perform(promoteRelease, { version: '1.0.0', percent: 100 }, house)).rejects.toEqual(missing)
    const onBeta = { version: '1.0.0', channel: 'beta' as const, percent: 1 }
    await expect(perform(changePercent, onBeta, house)).rejects.toEqual(missing)
  })

  it('that are pulled are followed by the last good one under the next free version', async () => {
    for (const version of ['1.2.0', '1.3.0', '1.4.0', '1.4.1']) await publish(version)
    await database.sql`insert into stores (name) values ('Ашукино')`
    await database.sql`
      insert into registers (store_id, name, key_hash, version) values (1, 'Касса 1', ${hashSecret('1')}, '1.4.0')`
    await perform(pullRelease, { version: '1.3.0' }, house)
    expect(await perform(pullRelease, { version: '1.4.0' }, house)).toEqual({
      version: '1.4.0',
      running: 1,
      lastGood: '1.2.0',
      nextVersion: '1.4.2',
      channels: ['stable'],
    })
    const { text } = (await releaseCommands['release pull']?.prepare(['1.4.0'])(house)) ?? {}
    expect(text).toBe(
      [
        '1.4.0 is handed out no more. Registers that run it, as they said last: 1.',
        'A register never goes back by itself, so those leave it only for a higher version. Take the sources of',
        '1.2.0 and publish them as 1.4.2, by the same publisher:',
        "  npm run package -- --version 1.4.2 --publisher '…'",
        '  npm run --silent admin -- release publish dist/package --channel stable --percent 100',
      ].join('\n'),
    )
  })

  it('of a beta are followed by its version without the tag', async () => {
    await publish('1.4.0-beta.2', 'beta')
    expect(await perform(pullRelease, { version: '1.4.0-beta.2' }, house)).toMatchObject({
      nextVersion: '1.4.0',
      lastGood: null,
    })
  })

  it('speak to people', async () => {
    const folder = await make('1.0.0')
    const say = async (name: string, args: string[]) =>
      (await releaseCommands[name]?.prepare(args)(house))?.text
    expect(await say('release publish', [folder, '--channel', 'beta', '--percent', '10'])).toBe(
      'Published 1.0.0 on beta, for 10 % of its registers. Next: release percent 1.0.0 <more> --channel beta',
    )
    expect(await say('release percent', ['1.0.0', '--channel', 'beta', '50'])).toBe(
      '1.0.0 on beta is for 50 % of its registers now (10 % before).',
    )
    expect(await say('release promote', ['1.0.0'])).toBe(
      '1.0.0 is on stable too, for 100 % of its registers.',
    )
    await store.put('left', {
      sizeBytes: 1,
      bytes: async function* () {
        yield Buffer.from('x')
      },
    })
    expect(await say('release list', [])).toBe(
      [
        'version  channel  %    registers  published (UTC)   pulled (UTC)',
        '1.0.0    stable   100          0  2025-12-07 12:00  —',
        '1.0.0    beta      50          0  2025-12-07 12:00  —',
        'In the store, of no release (publish the folder again to complete it): left',
      ].join('\n'),
    )
  })

  it.each([
    ['release publish', ['x', '--channel', 'nightly'], '--channel cannot be used'],
    ['release publish', ['--channel', 'beta'], '<folder> is missing'],
    ['release percent', ['1.0', '5', '--channel', 'beta'], '<version> cannot be used'],
    ['release percent', ['1.0.0', '101', '--channel', 'beta'], '<percent> cannot be used'],
    ['release pull', [], '<version> is missing'],
  ])('%s with %j is not understood', (name, args, problem) => {
    expect(() => releaseCommands[name]?.prepare(args)).toThrow(problem)
  })
})

describe('the channel of a register', () => {
  let database: TestDatabase
  beforeEach(async () => {
    database = await createTestDatabase()
    await database.sql`insert into stores (name) values ('Ашукино')`
    await database.sql`insert into registers (store_id, name, key_hash) values (1, 'Касса 1', ${hashSecret('1')})`
  })
  afterEach(() => database.drop())

  it('is set by IT, and written into the log of changes once', async () => {
    const house = houseOf(database.sql)
    expect(await perform(setChannel, { register: 1, channel: 'beta' }, house)).toEqual({
      registerId: 1,
      channel: 'beta',
    })
    await perform(setChannel, { register: 1, channel: 'beta' }, house)
    expect(await changesIn(database.sql)).toEqual([
      {
        who: 'admin:anna',
        action: 'register channel',
        subject: 'register 1',
        before: { channel: 'stable' },
        after: { channel: 'beta' },
      },
    ])
  })

  it('of a register that is not there cannot be set', async () => {
    await expect(
      perform(setChannel, { register: 7, channel: 'beta' }, houseOf(database.sql)),
    ).rejects.toThrow('There is no such register')
  })
})
