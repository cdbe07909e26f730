import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { get, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { publishFolder } from '../admin/releases.ts'
import { houseOf } from '../admin/testing.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { bareEnvironment, startCloudProcess } from '../testing/process.ts'
import { openFileStore } from './openFileStore.ts'
import { openS3StandIn } from './testing/s3.ts'
import { installerBytes, installerName, makeReleaseFolder } from './testing.ts'

let root: string
let database: TestDatabase
let s3: Awaited<ReturnType<typeof openS3StandIn>>
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'kopilka-killed-'))
  database = await createTestDatabase()
  s3 = await openS3StandIn()
})
afterAll(async () => {
  await s3.close()
  await database.drop()
  await rm(root, { recursive: true })
})

const environment = () => ({
  DATABASE_URL: database.url,
  UPDATES_S3_ENDPOINT: s3.settings.endpoint,
  UPDATES_S3_BUCKET: s3.settings.bucket,
  UPDATES_S3_REGION: s3.settings.region,
  UPDATES_S3_ACCESS_KEY_ID: s3.settings.accessKeyId,
  UPDATES_S3_SECRET_ACCESS_KEY: s3.settings.secretAccessKey,
})

function admin(...words: string[]) {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../admin/main.ts'), ...words], {
    env: { ...bareEnvironment(), ...environment() },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return Object.assign(child, { ended: once(child, 'close').then(([code]) => code as number | null) })
}

test('a publish that is killed half-way hands nothing out, and the next one completes it', async () => {
  const { folder, bytes } = await makeReleaseFolder(root, '1.0.0', installerBytes(300_000))
  const publish = ['release', 'publish', folder, '--channel', 'stable']
  const isInstaller = (name: string) =>
    name.startsWith(`${installerName('1.0.0')}.`) && !name.includes('blockmap')
  const cloud = await startCloudProcess(environment())
  try {
    const reached = s3.hold(isInstaller)
    const killed = admin(...publish)
    await reached
    killed.kill('SIGKILL')
    await killed.ended

    // The blockmap is in the store, the installer is not, and nobody is offered anything.
    expect([...s3.files.keys()]).toEqual([expect.stringContaining('.blockmap.')])
    expect((await fetch(`${cloud.url}/updates/stable/latest.yml`)).status).toBe(404)
    expect((await fetch(`${cloud.url}/updates/stable/${installerName('1.0.0')}.blockmap`)).status).toBe(404)
    const list = admin('release', 'list', '--json')
    expect(JSON.parse(await text(list.stdout))).toEqual({
      releases: [],
      unpublishedFiles: [expect.stringContaining('.blockmap.')],
    })

    s3.release()
    s3.requests.splice(0)
    const again = admin(...publish)
    const [said, code] = await Promise.all([text(again.stdout), again.ended])
    expect([said, code]).toEqual(['Published 1.0.0 on stable, for 100 % of its registers.\n', 0])
    const sent = s3.requests.filter((request) => request.startsWith('PUT'))
    expect(sent).toEqual([expect.stringContaining(`PUT ${installerName('1.0.0')}.`)])
    expect((await fetch(`${cloud.url}/updates/stable/latest.yml`)).status).toBe(200)
    const installer = await fetch(`${cloud.url}/updates/stable/${installerName('1.0.0')}`)
    expect(Buffer.from(await installer.arrayBuffer()).equals(bytes)).toBe(true)
    const pieces = await fetch(`${cloud.url}/updates/stable/${installerName('1.0.0')}`, {
      headers: { range: 'bytes=0-9,100-109' },
    })
    expect(await pieces.text()).toContain('content-range: bytes 100-109/300000')
  } finally {
    await cloud.stop()
  }
})

test('a cloud that is stopped waits for no download', async () => {
  const UPDATES_FOLDER = join(root, 'store')
  const { folder } = await makeReleaseFolder(root, '2.0.0', installerBytes(20_000_000))
  const house = houseOf(database.sql, Date.now(), openFileStore({ kind: 'folder', folder: UPDATES_FOLDER }))
  await publishFolder(house, { folder, channel: 'stable', percent: 100 })
  const cloud = await startCloudProcess({ DATABASE_URL: database.url, UPDATES_FOLDER })
  // Takes the first bytes and then no more, as a register behind a slow line.
  const response = await new Promise<IncomingMessage>((resolve, reject) =>
    get(`${cloud.url}/updates/stable/${installerName('2.0.0')}`, resolve).on('error', reject),
  )
  await once(response, 'readable')
  const broken = once(response, 'error')
  expect(await cloud.stop()).toBe(0)
  response.resume()
  await broken
})
