import type { TestProject } from 'vitest/node'
import { buildWhereStale } from '../http/webApps.ts'
import { openTestServers, type TestDatabases } from './testServers.ts'

/**
 * vitest runs it once before the database tests; what it returns, once after them. Where the tests run in another system than
 * Postgres, as under Wine, who started them has opened the servers and says where they are.
 */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const { KOPILKA_TEST_DATABASES } = process.env
  if (KOPILKA_TEST_DATABASES) {
    project.provide('testDatabases', JSON.parse(KOPILKA_TEST_DATABASES) as TestDatabases)
    return
  }
  // Clouds that tests start would each build it.
  await buildWhereStale('console', (line) => console.error(line))
  const { databases, stop } = await openTestServers(project.vitest.config.maxWorkers)
  project.provide('testDatabases', databases)
  return stop
}
