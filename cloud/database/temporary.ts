import { chmod, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from './connect.ts'
import { isAlive } from './embedded/cluster.ts'
import { type EmbeddedPostgres, openEmbeddedPostgres } from './embedded.ts'

const PREFIX = 'kopilka-postgres-'

export type TemporaryPostgres = EmbeddedPostgres & { dataDir: string }

/** A server for tests and build scripts, gone with all its data after stop(). */
export async function openTemporaryPostgres(): Promise<TemporaryPostgres> {
  await removeAbandoned()
  const dataDir = await makeTemporaryDataDir()
  const remove = () => rm(dataDir, { recursive: true, force: true })
  try {
    const server = await openEmbeddedPostgres(dataDir)
    return { ...server, dataDir, stop: () => server.stop().finally(remove) }
  } catch (error) {
    await remove()
    throw error
  }
}

/**
 * Makes it a server for tests: they make databases of their own on it, which the cloud's role may not. It is gone
 * before a disk could lose anything, so it waits for none. And nobody but a test writes: the feed of changes waits for
 * whoever does, an autovacuum too.
 */
export async function prepareForTests({ url, dataDir }: TemporaryPostgres): Promise<void> {
  const password = await readFile(join(dataDir, 'postgres', 'superuser.password'), 'utf8')
  const sql = connect(Object.assign(new URL(url), { username: 'postgres', password }).href, { poolSize: 1 })
  await sql`alter role kopilka createdb`
  await sql`alter system set fsync = off`
  await sql`alter system set full_page_writes = off`
  await sql`alter system set autovacuum = off`
  await sql`select pg_reload_conf()`
  await sql.end()
}

export async function makeTemporaryDataDir(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`))
  await chmod(dataDir, 0o755) // when we are root, the account that Postgres runs as must be able to enter
  return dataDir
}

/** A run that was killed could not tidy up; the next one does it. */
async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const dataDir = join(tmpdir(), name)
    const author = Number(name.slice(PREFIX.length).split('-')[0])
    if (!name.startsWith(PREFIX) || isAlive(author) || !(await isOurs(dataDir))) continue
    const server = await openEmbeddedPostgres(dataDir).catch(() => undefined)
    await server?.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

async function isOurs(folder: string): Promise<boolean> {
  const found = await stat(folder).catch(() => undefined)
  return found !== undefined && (process.getuid === undefined || found.uid === process.getuid())
}
