import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createTestDatabase } from '../cloud/database/testing.ts'
import { runDay } from './day.ts'
import { thisVersion } from './options.ts'

// Every run is another day; SIMULATE_SEED plays the decisions of one again.
const seed = process.env.SIMULATE_SEED ?? String(Date.now() % 1_000_000)

it(`a day of sales with crashes and a bad network ends with every point where it belongs (SIMULATE_SEED=${seed})`, async () => {
  await using closers = new AsyncDisposableStack()
  const database = await createTestDatabase()
  closers.defer(() => database.drop())
  const folder = await mkdtemp(join(tmpdir(), 'kopilka-simulate-'))
  closers.defer(() => rm(folder, { recursive: true, maxRetries: 5 }))
  const options = {
    seed,
    registers: 2,
    sales: 40,
    customers: 20,
    minutes: 0.4,
    takeMs: 300,
    registersFrom: thisVersion,
  }
  const day = await runDay(options, { databaseUrl: database.url, folder, closers, say: () => {} })
  const violations = day.findings.flatMap(({ what, violations }) =>
    violations.map((one) => `${what}: ${one}`),
  )
  expect(violations).toEqual([])
  expect(day.evidence.tills.every(({ notes }) => notes.happened.of('served') > 0)).toBe(true)
})
