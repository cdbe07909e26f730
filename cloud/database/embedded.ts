import { mkdir, readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Account, chooseAccount } from './embedded/account.ts'
import { type Cluster, clusterIn, createCluster, kopilkaPassword } from './embedded/cluster.ts'
import { announce, type Presence } from './embedded/presence.ts'
import { findPrograms, type Programs } from './embedded/programs.ts'
import { choosePort, findServer, startServer, stopServer } from './embedded/server.ts'

export type EmbeddedPostgres = {
  url: string
  /** False when another process had it running already. */
  started: boolean
  /** Stops the server, unless another process still uses it. */
  stop(): Promise<void>
}

type Tools = { account: Account; programs: Programs }
type Patience = {
  /** After so long without a server it is told that there will be none. */
  startMs?: number
  /** The one where callers look for the server. It is waited for. */
  port?: number
}

export async function openEmbeddedPostgres(
  dataDir: string,
  patience: Patience = {},
): Promise<EmbeddedPostgres> {
  const folder = resolve(dataDir)
  await mkdir(folder, { recursive: true })
  const cluster = clusterIn(folder)
  const programs = await findPrograms()
  const tools = { programs, account: await chooseAccount(folder, { cluster, programs }) }
  await createCluster(folder, tools)
  return occupy(cluster, { ...tools, ...patience })
}

/** Stays present until stop(): a server that dies under us (killed, out of memory) is started again. */
async function occupy(cluster: Cluster, tools: Tools & Patience): Promise<EmbeddedPostgres> {
  let open = true
  let settled = Promise.resolve()
  const onLost = () => {
    settled = comeBack()
  }
  let { url, started, presence } = await arrive(cluster, tools, onLost)
  const port = Number(new URL(url).port)
  async function comeBack(): Promise<void> {
    while (open) {
      await pause(RETRY_MILLISECONDS)
      if (!open) return
      const arrived = await arrive(cluster, { ...tools, port }, onLost).catch(() => undefined)
      if (!arrived) continue // the server's log says why; callers see an outage meanwhile
      presence = arrived.presence
      if (arrived.url === url) return
      // A server at another port, where our callers do not look, is stopped, or waited for until it goes.
      await presence.leave(() => stopServer(cluster, tools)).catch(() => {})
    }
  }
  return {
    url,
    started,
    async stop() {
      if (!open) return
      open = false
      await settled
      await presence.leave(() => stopServer(cluster, tools))
    },
  }
}

const RETRY_MILLISECONDS = 1_000
const START_PATIENCE_MILLISECONDS = 15_000
const RECOVERY_PATIENCE_MILLISECONDS = 600_000

type Arrival = { url: string; started: boolean; presence: Presence }

/**
 * Attaches to the running server or starts one. Several may try at once: postmaster.pid lets one of them win, and
 * the others find its server in their next round.
 */
async function arrive(
  cluster: Cluster,
  { startMs = START_PATIENCE_MILLISECONDS, port, ...tools }: Tools & Patience,
  onLost: () => void,
): Promise<Arrival> {
  let began = Date.now()
  let started = false
  for (;;) {
    const server = await findServer(cluster)
    if (server.state === 'up') {
      const url = await urlOf(cluster, server.port)
      const presence = await announce(url, onLost)
      if (presence) return { url, started, presence }
    }
    if (server.state === 'down') {
      const start = await startServer(cluster, { ...tools, port: port ?? (await choosePort(cluster)) })
      if (start === 'failed') throw await failedStart(cluster)
      if (start === 'started' && !started) {
        // After a crash that alone may have taken minutes, and the server is there.
        started = true
        began = Date.now()
        continue
      }
    }
    const patience = server.state === 'starting' ? RECOVERY_PATIENCE_MILLISECONDS : startMs
    if (Date.now() - began > patience) throw await failedStart(cluster)
    await pause(50)
  }
}

async function urlOf(cluster: Cluster, port: number): Promise<string> {
  return `postgres://kopilka:${await kopilkaPassword(cluster)}@127.0.0.1:${port}/kopilka`
}

async function failedStart({ log }: Cluster): Promise<Error> {
  const text = await readFile(log, 'utf8').catch(() => '')
  const lines = text.trimEnd().split('\n').slice(-12).join('\n')
  return new Error(`The embedded Postgres does not start. The end of its log ${log}:\n${lines}`)
}
