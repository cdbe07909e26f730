import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createTestDatabase } from '../cloud/database/testing.ts'
import { createTestCloud } from '../cloud/testing/cloud.ts'
import { createRandom } from '../simulate/random.ts'
import { describedExamples, type OpenApi, otherExamples } from './examples.ts'
import { runFuzz } from './run.ts'
import { makeWorld } from './world.ts'

const SECONDS = 30
// Every run sends something else; FUZZ_SEED sends what one has sent again.
const seeds = ['kopilka', process.env.FUZZ_SEED ?? String(Date.now() % 1_000_000)]

it.each(seeds)('nothing that anybody sends breaks anything (npm run fuzz -- --seed %s)', async (seed) => {
  await using closers = new AsyncDisposableStack()
  const database = await createTestDatabase()
  closers.defer(() => database.drop())
  const folder = await mkdtemp(join(tmpdir(), 'kopilka-fuzz-'))
  closers.defer(() => rm(folder, { recursive: true, force: true }))
  const options = { seed, seconds: SECONDS, only: null }
  const report = await runFuzz(options, { databaseUrl: database.url, folder, closers, say: () => {} })
  const found = report.findings.map(({ at, problem, command }) => `${at}: ${problem}: ${command}`)
  expect([...found, ...report.remains]).toEqual([])
  expect([...report.doors.keys()]).toEqual(expect.arrayContaining(['screen page', 'screen command']))
  expect(report.doors.size).toBeGreaterThan(20)
})

it('knows an example of every route', async () => {
  const cloud = await createTestCloud()
  const folder = await mkdtemp(join(tmpdir(), 'kopilka-fuzz-'))
  const world = await makeWorld(cloud.sql, { folder, now: cloud.clock.now })
  const openApi = (await (await cloud.app.request('/openapi.json')).json()) as OpenApi
  const examples = [...describedExamples(openApi, world), ...otherExamples(world)]
  const asked = examples
    .map(({ make }) => make(createRandom('routes')))
    .map(({ method, path }) => [method, path])
  const routes = cloud.app.routes.filter(({ method }) => method !== 'ALL')
  const isAsked = ({ method, path }: { method: string; path: string }) => {
    const pattern = new RegExp(`^${path.replaceAll(/:\w+/g, '[^/?]+')}/?(\\?|$)`)
    return asked.some(([how, where = '']) => how === method && pattern.test(where))
  }
  expect(routes.filter((route) => !isAsked(route)).map(({ method, path }) => `${method} ${path}`)).toEqual([])
  await cloud.drop()
  await rm(folder, { recursive: true })
})
