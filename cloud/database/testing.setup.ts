import type { TestProject } from 'vitest/node'
import { connect } from './connect.ts'
import { migrate } from './migrate.ts'
import { allowDatabases, openTemporaryPostgres, type TemporaryPostgres } from './temporary.ts'

const TEMPLATE = 'kopilka_template'

/** vitest runs it once before the database tests; what it returns, once after them. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await openTemporaryPostgres()
  try {
    await allowDatabases(server)
    await createTemplate(server)
    project.provide('testDatabases', { url: server.url, template: TEMPLATE })
    return server.stop
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
