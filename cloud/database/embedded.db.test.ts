import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { connect } from './connect.ts'
import { clusterIn, isAlive } from './embedded/cluster.ts'
import { choosePort } from './embedded/server.ts'
import { type EmbeddedPostgres, openEmbeddedPostgres } from './embedded.ts'
import { makeTemporaryDataDir } from './temporary.ts'

let dataDir: string
const opened: EmbeddedPostgres[] = []
const pidFile = () => join(dataDir, 'postgres', 'data', 'postmaster.pid')
const postmaster = async () => Number((await readFile(pidFile(), 'utf8')).split('\n')[0])
const isRunning = () =>
  stat(pidFile()).then(
    () => true,
    () => false,
  )
const open = async (patience = {}) => {
  const server = await openEmbeddedPostgres(dataDir, patience)
  opened.push(server)
  return server
}
const query = async ({ url }: { url: string }, text: string) => {
  const sql = connect(url, { poolSize: 1 })
  return sql.unsafe(text).finally(() => sql.end())
}
const answers = (server: { url: string }) =>
  query(server, 'select 1').then(
    () => true,
    () => false,
  )
const stopAll = async () => {
  for (const server of opened.splice(0)) await server.stop()
}
const makeFolder = async () => {
  dataDir = await makeTemporaryDataDir()
}
// Of a server that was killed, the last processes may still be writing.
const removeFolder = () => rm(dataDir, { recursive: true, maxRetries: 10 })

describe('the embedded Postgres', () => {
  beforeEach(makeFolder)
  afterEach(async () => {
    await leave()
    await stopAll()
    await removeFolder()
  })

  it('is made and started on first use, for a role that is not a superuser', async () => {
    const server = await open()
    expect(server.started).toBe(true)
    expect(new URL(server.url).hostname).toBe('127.0.0.1')
    const [role] = await query(
      server,
      'select rolname, rolsuper, rolcreaterole, rolcreatedb from pg_roles where rolname = current_user',
    )
    expect(role).toEqual({ rolname: 'kopilka', rolsuper: false, rolcreaterole: true, rolcreatedb: false })
    await query(
      server,
      'create table mine (id int); create role helper nologin; grant helper to current_user',
    )
  })

  it('is made once and started once when several open it at the same moment', async () => {
    const servers = await Promise.all([open(), open(), open(), open()])
    expect(new Set(servers.map(({ url }) => url)).size).toBe(1)
    expect(servers.filter(({ started }) => started)).toHaveLength(1)
    expect(await readdir(dataDir)).toEqual(['postgres'])
    await Promise.all(servers.map((server) => server.stop()))
    expect(await isRunning()).toBe(false)
  })

  it('is started once when several processes open it at the same moment, and is there until the last has left', async () => {
    const processes = Array.from({ length: 3 }, () => startOpener(dataDir))
    const reports = await Promise.all(processes.map(({ report }) => report))
    expect(new Set(reports.map(({ url }) => url)).size).toBe(1)
    expect(reports.filter(({ started }) => started)).toHaveLength(1)
    for (const process of processes) {
      expect(await query(reports[0] as { url: string }, 'select 1 as one')).toEqual([{ one: 1 }])
      await process.finish()
    }
    expect(await isRunning()).toBe(false)
  })

  it('removes the half-made folder of a process that was killed while making it', async () => {
    const dead = spawn(process.execPath, ['--version'], { stdio: 'ignore' })
    await once(dead, 'exit')
    await mkdir(join(dataDir, `postgres.draft.${dead.pid}.half`, 'data'), { recursive: true })
    await open()
    expect(await readdir(dataDir)).toEqual(['postgres'])
  })

  it('says where its log is when it cannot start', async () => {
    await (await open()).stop()
    await writeFile(join(dataDir, 'postgres', 'data', 'postgresql.auto.conf'), 'no_such_setting = 1\n')
    await expect(open()).rejects.toThrow(/does not start.*server\.log:[\s\S]*no_such_setting/)
  })
})

describe('the embedded Postgres that was made before', () => {
  beforeAll(makeFolder)
  afterEach(stopAll)
  afterAll(removeFolder)

  it('never weakens durability, compares text by code point and knows the letter case of Russian', async () => {
    const [row] = await query(
      await open(),
      `select upper('копилка') as upper, 'Я' < 'а' as by_code_point, current_setting('fsync') as fsync,
        current_setting('synchronous_commit') as synchronous_commit,
        current_setting('full_page_writes') as full_page_writes, current_setting('data_checksums') as data_checksums`,
    )
    expect(row).toEqual({
      upper: 'КОПИЛКА',
      by_code_point: true,
      fsync: 'on',
      synchronous_commit: 'on',
      full_page_writes: 'on',
      data_checksums: 'on',
    })
  })

  it('keeps its passwords from other users and lets nobody in without one', async () => {
    const server = await open()
    for (const file of ['superuser.password', 'kopilka.password'])
      expect((await stat(join(dataDir, 'postgres', file))).mode & 0o777).toBe(0o600)
    for (const password of ['', 'wrong'])
      await expect(
        query({ url: Object.assign(new URL(server.url), { password }).href }, 'select 1'),
      ).rejects.toThrow()
  })

  it('stops without leaving a process, and keeps its data and its port for the next start', async () => {
    const first = await open()
    await query(first, 'create table kept as select 42 as answer')
    const pid = await postmaster()
    await first.stop()
    expect(await isRunning()).toBe(false)
    expect(await commandLine(pid)).toBe('')
    const second = await open()
    expect(second.started).toBe(true)
    expect(second.url).toBe(first.url)
    expect(await query(second, 'select answer from kept')).toEqual([{ answer: 42 }])
  })

  it('is shared with whoever opens it meanwhile; the last to leave stops it', async () => {
    const cloud = await open()
    const admin = await open()
    expect(admin.started).toBe(false)
    expect(admin.url).toBe(cloud.url)
    await admin.stop()
    expect(await query(cloud, 'select 1 as one')).toEqual([{ one: 1 }])
    const job = await open()
    await cloud.stop()
    expect(await query(job, 'select 1 as one')).toEqual([{ one: 1 }])
    await job.stop()
    expect(await isRunning()).toBe(false)
  })

  it('goes on without the process that started it, and stops with the next one that uses it', async () => {
    const starter = startOpener(dataDir)
    const { url } = await starter.report
    await starter.kill()
    const server = await open()
    expect(server).toMatchObject({ started: false, url })
    // The server hears of the death when it looks at the connection.
    const present = `select from pg_stat_activity where application_name = 'kopilka presence'`
    await expect.poll(async () => (await query(server, present)).length).toBe(1)
    await server.stop()
    expect(await isRunning()).toBe(false)
  })

  it('starts after kill -9 of everything: what was committed is there', async () => {
    const starter = startOpener(dataDir)
    const { url } = await starter.report
    await query({ url }, 'create table committed as select 42 as answer')
    process.kill(await postmaster(), 'SIGKILL')
    await starter.kill()
    expect(await isRunning()).toBe(true) // the stale postmaster.pid
    const server = await open()
    expect(server.started).toBe(true)
    expect(await query(server, 'select answer from committed')).toEqual([{ answer: 42 }])
  })

  it('starts again by itself, where it was, when it is killed under us', async () => {
    const server = await open()
    const killed = await postmaster()
    process.kill(killed, 'SIGKILL')
    await expect.poll(() => answers(server), { interval: 100 }).toBe(true)
    expect(await postmaster()).not.toBe(killed)
  })

  it('waits for its port when another has it just then: who was connected would not find it elsewhere', async () => {
    const server = await open()
    const port = Number(new URL(server.url).port)
    const logged = async () => await readFile(join(dataDir, 'postgres', 'server.log'), 'utf8')
    process.kill(await postmaster(), 'SIGKILL')
    await expect.poll(() => occupy(port), { interval: 10 }).toBe(true)
    await expect.poll(logged).toMatch(/could not bind/)
    await leave()
    await expect.poll(() => answers(server), { interval: 100 }).toBe(true)
  })

  it('keeps its port although somebody looks whether it is free at the moment of the start', async () => {
    const server = await open()
    await stopAll()
    const port = Number(new URL(server.url).port)
    expect(await occupy(port)).toBe(true)
    const chosen = choosePort(clusterIn(dataDir))
    for (let looks = 0; looks < 5; looks += 1) expect(await occupy(port)).toBe(false)
    await leave()
    expect(await chosen).toBe(port)
  })

  it.each([
    [
      'its number now belongs to another program',
      (text: string) => text.replace(/^\d+/, String(process.pid)),
    ],
    ['it was emptied', () => ''],
    ['it was filled with zeroes', () => '\0'.repeat(80)],
  ])('starts when postmaster.pid was left by a power failure and %s', async (_what, damage) => {
    const first = await open()
    const text = await readFile(pidFile(), 'utf8')
    await first.stop()
    await writeFile(pidFile(), damage(text))
    await utimes(pidFile(), 0, 0)
    const second = await open()
    expect(second.started).toBe(true)
  })

  it('begins a new log at a start when the last one has grown large, and keeps that one', async () => {
    const log = join(dataDir, 'postgres', 'server.log')
    await (await open()).stop()
    await (await open()).stop()
    await expect(stat(`${log}.1`)).rejects.toMatchObject({ code: 'ENOENT' })
    const full = 'x'.repeat(10 * 1024 * 1024 + 1)
    await writeFile(log, full)
    await open()
    expect(await readFile(`${log}.1`, 'utf8')).toBe(full)
    expect(await readFile(log, 'utf8')).toMatch(/database system is ready/)
  })

  it('is open after a start that took longer than failing starts are borne', async () => {
    const server = await open({ startMs: 0 })
    expect(server.started).toBe(true)
  })
})

let occupant: Server | undefined
function occupy(port: number): Promise<boolean> {
  const server = createServer()
  return new Promise((resolve) => {
    server.once('error', () => resolve(false))
    server.listen({ port, host: '127.0.0.1' }, () => {
      occupant = server
      resolve(true)
    })
  })
}
async function leave(): Promise<void> {
  const server = occupant
  occupant = undefined
  await new Promise((left) => (server ? server.close(left) : left(null)))
}

/** Another process that opens the server, reports, and stops it when told to. */
function startOpener(dataDir: string) {
  const module = JSON.stringify(new URL('embedded.ts', import.meta.url).href)
  const script = `
    const { openEmbeddedPostgres } = await import(${module})
    const server = await openEmbeddedPostgres(${JSON.stringify(dataDir)})
    console.log(JSON.stringify({ url: server.url, started: server.started }))
    process.stdin.once('end', () => server.stop()).resume()`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  return {
    report: once(createInterface({ input: child.stdout }), 'line').then(
      ([line]) => JSON.parse(line) as { url: string; started: boolean },
    ),
    async finish() {
      child.stdin.end()
      await exited
    },
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
  }
}

// A killed process whose parent never asks for its exit code keeps its number, but has no command line any more.
async function commandLine(pid: number): Promise<string> {
  if (!isAlive(pid) || process.platform !== 'linux') return ''
  return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
}
