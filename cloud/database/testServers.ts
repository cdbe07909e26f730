import { connect } from './connect.ts'
import { migrate } from './migrate.ts'
import { openTemporaryPostgres, prepareForTests, type TemporaryPostgres } from './temporary.ts'

/** What database tests need to know: a server for each worker, and the database that theirs are copies of. */
export interface TestDatabases {
  urls: string[]
  template: string
}

const TEMPLATE = 'kopilka_template'

/** A server for each worker: the feed of changes waits for whoever writes anywhere on a server, so two test files cannot share one. */
export async function openTestServers(
  workers: number,
): Promise<{ databases: TestDatabases; stop(): Promise<void> }> {
  const servers: TemporaryPostgres[] = []
  const stop = async () => {
    for (const server of servers) await server.stop()
  }
  try {
    while (servers.length < workers) servers.push(await openPrepared())
    return { databases: { urls: servers.map(({ url }) => url), template: TEMPLATE }, stop }
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
