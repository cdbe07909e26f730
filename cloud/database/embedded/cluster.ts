import { randomBytes, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { syncFolder } from '../../syncFolder.ts'
import type { Account, Finished } from './account.ts'
import type { Programs } from './programs.ts'

/** The folder of one Postgres: its data, its log, and the passwords of its two roles. */
export type Cluster = { home: string; data: string; log: string }

export function clusterIn(dataDir: string): Cluster {
  return layOut(join(dataDir, 'postgres'))
}

export function kopilkaPassword(cluster: Cluster): Promise<string> {
  return readFile(join(cluster.home, 'kopilka.password'), 'utf8')
}

/**
 * Makes the cluster in a folder of its own and renames it into place when it is complete: a crash half-way or a
 * second process at the same moment never leaves or meets half a cluster.
 */
export async function createCluster(
  dataDir: string,
  { account, programs }: { account: Account; programs: Programs },
): Promise<void> {
  const { home } = clusterIn(dataDir)
  if (existsSync(home)) return
  await removeAbandoned(dataDir)
  const draft = layOut(join(dataDir, `${DRAFT}${process.pid}.${randomUUID()}`))
  try {
    await mkdir(draft.home, { mode: 0o700 })
    await account.own(draft.home)
    const superuserPassword = await writePassword(draft, 'superuser', account)
    await initialise(draft, { account, programs, superuserPassword })
    await createRole(draft, { account, programs, password: await writePassword(draft, 'kopilka', account) })
    await rename(draft.home, home)
    await syncFolder(dataDir)
  } catch (error) {
    await rm(draft.home, { recursive: true, force: true })
    if (!existsSync(home)) throw error // else another process was first, and its cluster serves both
  }
}

const DRAFT = 'postgres.draft.'

function layOut(home: string): Cluster {
  return { home, data: join(home, 'data'), log: join(home, 'server.log') }
}

async function writePassword(cluster: Cluster, role: string, account: Account): Promise<string> {
  const file = join(cluster.home, `${role}.password`)
  await writeFile(file, randomBytes(24).toString('hex'), { mode: 0o600 })
  await account.own(file)
  return file
}

async function initialise(
  { data }: Cluster,
  {
    account,
    programs,
    superuserPassword,
  }: { account: Account; programs: Programs; superuserPassword: string },
): Promise<void> {
  const finished = await account.run(programs.initdb, [
    `--pgdata=${data}`,
    '--username=postgres',
    `--pwfile=${superuserPassword}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // Postgres's own C.UTF-8: the same on every system, and indexes outlive an update of the system's libraries.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--data-checksums',
  ])
  refuseFailure('initdb', finished)
}

/** Before the server is ever reachable: a single-user session on the new data. */
async function createRole(
  { data }: Cluster,
  { account, programs, password }: { account: Account; programs: Programs; password: string },
): Promise<void> {
  const secret = await readFile(password, 'utf8')
  const input = [
    `create role kopilka login createrole password '${secret}';`,
    'create database kopilka owner kopilka;',
    '',
  ].join('\n')
  const args = ['--single', '-D', data, '-c', 'exit_on_error=true', 'postgres']
  refuseFailure('postgres --single', await account.run(programs.postgres, args, { input }))
}

function refuseFailure(program: string, { ok, output }: Finished): void {
  if (!ok) throw new Error(`The embedded Postgres could not be made: ${program} failed.\n${output.trim()}`)
}

async function removeAbandoned(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    if (!name.startsWith(DRAFT)) continue
    const author = Number(name.slice(DRAFT.length).split('.')[0])
    if (!isAlive(author)) await rm(join(dataDir, name), { recursive: true, force: true })
  }
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
