import type { TestProject } from 'vitest/node'
import { buildWhereStale } from '../http/webApps.ts'
import { connect } from './connect.ts'
import { migrate } from './migrate.ts'
import { openTemporaryPostgres, prepareForTests, type TemporaryPostgres } from './temporary.ts'

const TEMPLATE = 'kopilka_template'

/**
 * vitest runs it once before the database tests; what it returns, once after them. Every worker has a server of its
 * own: the feed of changes waits for whoever writes anywhere on a server, so two test files cannot share one.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  // Clouds that tests start would each build it.
  await buildWhereStale('console', (line) => console.error(line))
  const servers: TemporaryPostgres[] = []
  const stop = async () => {
    for (const server of servers) await server.stop()
  }
  try {
    while (servers.length < project.vitest.config.maxWorkers) servers.push(await openPrepared())
    project.provide('testDatabases', { urls: servers.map(({ url }) => url), template: TEMPLATE })
    return stop
  } catch (error) {
    await stop()
    throw error
  }
}

async function openPrepared(): Promise<TemporaryPostgres> {
  const server = await openTemporaryPostgres()
  try {
    await prepareForTests(server)
    await createTemplate(server)
    return server
  } catch (error) {
    await server.stop()
    throw error
  }
}

async function createTemplate({ url }: TemporaryPostgres): Promise<void> {
  const server = connect(url)
  await server`create database ${server(TEMPLATE)}`
  await server.end()
  const sql = connect(Object.assign(new URL(url), { pathname: `/${TEMPLATE}` }).href)
  await migrate(sql)
  await sql.end()
}
