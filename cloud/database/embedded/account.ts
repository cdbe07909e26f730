import { execFile, spawn } from 'node:child_process'
import { chown, stat } from 'node:fs/promises'
import { promisify } from 'node:util'
import type { Cluster } from './cluster.ts'
import type { Programs } from './programs.ts'

/** The account of the operating system that Postgres runs as. */
export type Account = {
  run(program: string, args: string[], options?: RunOptions): Promise<Finished>
  /** Makes the account the owner of a file or folder. */
  own(path: string): Promise<void>
}
/** `background`: the program leaves a daemon behind, so its output must not be waited for. */
type RunOptions = { input?: string; background?: boolean }
export type Finished = { ok: boolean; output: string }

type Owner = { uid: number; gid: number }

/** Ourselves; but Postgres refuses to run as root, so root lends it the owner of the cluster or the user `postgres`. */
export async function chooseAccount(
  dataDir: string,
  { cluster, programs }: { cluster: Cluster; programs: Programs },
): Promise<Account> {
  if (process.getuid?.() !== 0) return { run: (...call) => run({}, ...call), own: async () => {} }
  const owner = (await ownerOf(cluster.home)) ?? (await postgresUser())
  for (const account of [lent(owner), lentWith(owner, 'dac_read_search'), lentWith(owner, 'dac_override')])
    if (await reaches(account, programs.postgres, dataDir)) return account
  throw new Error(
    `Postgres cannot run as root, and the user with id ${owner.uid} cannot enter ${dataDir} or run ${programs.postgres}. ` +
      'Run Kopilka as an ordinary user, or move the project and KOPILKA_DATA out of folders closed to others ' +
      '(such as /root), or set DATABASE_URL to a Postgres of your own.',
  )
}

function lent(owner: Owner): Account {
  return { run: (...call) => run(owner, ...call), own: (path) => chown(path, owner.uid, owner.gid) }
}

// For a project in a folder closed to others, such as /root: one capability opens the way. Containers often lack
// the narrow one (read and enter) and have only the wide one.
function lentWith(owner: Owner, capability: string): Account {
  const setpriv = [
    '--securebits=+no_setuid_fixup', // else access(2), which initdb asks about its own files, ignores capabilities
    `--reuid=${owner.uid}`,
    `--regid=${owner.gid}`,
    '--clear-groups',
    `--inh-caps=+${capability}`,
    `--ambient-caps=+${capability}`,
    '--',
  ]
  return {
    run: (program, args, options) => run({}, 'setpriv', [...setpriv, program, ...args], options),
    own: (path) => chown(path, owner.uid, owner.gid),
  }
}

async function reaches(account: Account, program: string, folder: string): Promise<boolean> {
  const script = 'cd "$0" && exec "$1" --version'
  return account.run('/bin/sh', ['-c', script, folder, program]).then(
    ({ ok }) => ok,
    () => false,
  )
}

async function ownerOf(folder: string): Promise<Owner | undefined> {
  const found = await stat(folder).catch(() => undefined)
  return found && found.uid !== 0 ? { uid: found.uid, gid: found.gid } : undefined
}

async function postgresUser(): Promise<Owner> {
  return (await findUser()) ?? (await addUser())
}

async function findUser(): Promise<Owner | undefined> {
  const id = (flag: string) => promisify(execFile)('id', [flag, 'postgres'])
  try {
    const [uid, gid] = await Promise.all([id('-u'), id('-g')])
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
  } catch {
    return undefined
  }
}

async function addUser(): Promise<Owner> {
  const added = await run({}, 'useradd', [
    '--system',
    '--user-group',
    '--shell',
    '/usr/sbin/nologin',
    'postgres',
  ]).catch((error: Error) => ({ ok: false, output: error.message }))
  // Failing is fine when another process has added it at the same moment.
  const user = await findUser()
  if (user) return user
  throw new Error(
    `Postgres cannot run as root, and the system user "postgres" could not be made: ${added.output.trim()}. ` +
      'Make that user, or run Kopilka as an ordinary user.',
  )
}

function run(
  identity: Partial<Owner>,
  program: string,
  args: string[],
  { input, background = false }: RunOptions = {},
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...identity,
      cwd: '/', // the account may not be able to enter ours
      stdio: [
        input === undefined ? 'ignore' : 'pipe',
        background ? 'ignore' : 'pipe',
        background ? 'ignore' : 'pipe',
      ],
      windowsHide: true,
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
    child.on('error', reject)
    child.on('close', (code) => resolve({ ok: code === 0, output }))
    child.stdin?.on('error', () => {}) // it ended without reading: the exit code tells
    child.stdin?.end(input)
  })
}
