import { execFile } from 'node:child_process'
import { readFileSync, unlinkSync } from 'node:fs'
import { readFile, rename, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Account } from './account.ts'
import { type Cluster, isAlive } from './cluster.ts'
import type { Programs } from './programs.ts'

export type Server = { state: 'down' } | { state: 'starting' } | { state: 'up'; port: number }

/** What postmaster.pid says, believed only when the process it names is a Postgres on this very data. */
export async function findServer({ data }: Cluster): Promise<Server> {
  const file = join(data, 'postmaster.pid')
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined) return { state: 'down' }
  const [first, , , port, , , , status] = text.split('\n')
  const pid = Number(first)
  // Empty only between its making and its first write; or for ever, after a power failure.
  if (!pid && (await ageMilliseconds(file)) < 5_000) return { state: 'starting' }
  if (pid && !isAlive(pid)) return { state: 'down' } // Postgres replaces it, once the last of the old processes left
  if (!pid || !(await isPostgresOn(data, pid))) {
    removeStale(file, text)
    return { state: 'down' }
  }
  return status?.trim() === 'ready' ? { state: 'up', port: Number(port) } : { state: 'starting' }
}

/** Of this machine, or what its container is allowed. */
const memoryBytes = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY)

/** A quarter: in less, what the customers of a year have left is read from the disk again and again. */
const bufferMegabytes = Math.min(Math.max(Math.floor(memoryBytes / 4 / 2 ** 20), 128), 4096)

/** The server becomes a daemon of its own session, so that Ctrl-C does not reach it. */
export async function startServer(
  { data, log }: Cluster,
  { account, programs, port }: { account: Account; programs: Programs; port: number },
): Promise<'started' | 'hindered' | 'failed'> {
  await beginNewLog(log)
  const logged = await sizeOf(log)
  const settings = [
    `-p ${port}`,
    '-c listen_addresses=127.0.0.1',
    '-c unix_socket_directories=',
    `-c shared_buffers=${bufferMegabytes}MB`,
    '-c max_connections=100',
    '-c synchronous_commit=on',
    // After a checkpoint each page is logged as a whole once: the more seldom, the less there is to log.
    '-c checkpoint_timeout=15min',
    '-c max_wal_size=4GB',
    '-c timezone=UTC',
    '-c log_timezone=UTC',
    '-c log_checkpoints=off',
  ].join(' ')
  // After a crash Postgres first replays its log: that may take minutes, and stopping it would only begin anew.
  const args = [
    'start',
    '--wait',
    '--timeout=600',
    `--pgdata=${data}`,
    `--log=${log}`,
    `--options=${settings}`,
  ]
  if ((await account.run(programs.pg_ctl, args, { background: true })).ok) return 'started'
  const reason = (await readFile(log)).subarray(logged).toString()
  return HINDRANCES.test(reason) ? 'hindered' : 'failed'
}

// What passes by itself: another process starts it just now, its port was taken meanwhile, or the last processes of
// a server that was killed are still leaving.
const HINDRANCES = /lock file .* already exists|could not bind|shared memory block .* still in use/

const LOG_LIMIT_BYTES = 10 * 1024 * 1024

/** Between two servers the log is not open; the one before it is enough to tell what happened. */
async function beginNewLog(log: string): Promise<void> {
  if ((await sizeOf(log)) > LOG_LIMIT_BYTES) await rename(log, `${log}.1`)
}

const sizeOf = (file: string) =>
  stat(file).then(
    ({ size }) => size,
    () => 0,
  )

/** Returns when that server is gone, even if another process has started the next one by then. */
export async function stopServer(
  { data, log }: Cluster,
  { account, programs }: { account: Account; programs: Programs },
): Promise<void> {
  const pid = Number.parseInt(await readFile(join(data, 'postmaster.pid'), 'utf8'), 10)
  const args = ['stop', '--no-wait', '--mode=fast', `--pgdata=${data}`]
  const { ok, output } = await account.run(programs.pg_ctl, args)
  if (!ok) throw new Error(`The embedded Postgres did not stop (its log is ${log}): ${output.trim()}`)
  while (isAlive(pid) && (await isPostgresOn(data, pid))) await pause(20)
}

/** The port of the last run, unless something else stays on it, so that old connections find the server again. */
export async function choosePort({ data }: Cluster): Promise<number> {
  const lastRun = await readFile(join(data, 'postmaster.opts'), 'utf8').catch(() => '')
  const last = Number(/"-p" "(\d+)"/.exec(lastRun)?.[1])
  if (last && (await becomesFree(last))) return last
  for (;;) {
    // Below the ports that the system hands to outgoing connections, or one of those could take it meanwhile.
    const port = 20_000 + Math.floor(Math.random() * 10_000)
    if (await isFree(port)) return port
  }
}

/** Another process that starts this server takes its port for a moment, to look whether it is free. */
async function becomesFree(port: number): Promise<boolean> {
  for (let look = 1; look <= 20; look += 1) {
    if (await isFree(port)) return true
    await pause(50)
  }
  return false
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host: '127.0.0.1' }, () => server.close(() => resolve(true)))
  })
}

// After a power failure the number may belong to another program by now, and Postgres would then refuse to start.
async function isPostgresOn(data: string, pid: number): Promise<boolean> {
  if (process.platform === 'win32') return true // there Postgres itself tells the two apart
  const command = await (process.platform === 'linux'
    ? readFile(`/proc/${pid}/cmdline`, 'utf8')
    : promisify(execFile)('ps', ['-ww', '-o', 'args=', '-p', String(pid)]).then(({ stdout }) => stdout)
  ).catch(() => '')
  return command.includes('postgres') && command.includes(data)
}

async function ageMilliseconds(file: string): Promise<number> {
  const found = await stat(file).catch(() => undefined)
  return found ? Date.now() - found.mtimeMs : 0
}

/** Unless it changed since it was read: then it is another process's server, starting now. */
function removeStale(file: string, text: string): void {
  try {
    if (readFileSync(file, 'utf8') === text) unlinkSync(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}
