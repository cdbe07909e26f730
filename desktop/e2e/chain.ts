import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { type CloudProcess, startCloudProcess } from '../../cloud/testing/process.ts'

const ROOT = join(import.meta.dirname, '../..')

/** A cloud of its own with one store, as an IT person sees them: through the command line. */
export async function openChain(dataFolder: string) {
  const env = { KOPILKA_DATA: dataFolder }
  const cloud: CloudProcess = await startCloudProcess(env)

  function admin<T>(...args: string[]): T {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(ROOT, 'cloud/admin/main.ts'), ...args, '--json'],
      { cwd: ROOT, env: { ...process.env, ...env }, encoding: 'utf8' },
    )
    if (status !== 0) throw new Error(`admin ${args.join(' ')}: ${stderr || stdout}`)
    return JSON.parse(stdout) as T
  }

  admin('store', 'add', '--name', 'Ашукино')
  return {
    url: cloud.url,
    pairingCode: () => admin<{ code: string }>('register', 'code', '--store', 'Ашукино').code,
    /** To every register of the channel that a register has at first. */
    publish: (folder: string) =>
      admin('release', 'publish', folder, '--channel', 'stable', '--percent', '100'),
    pull: (version: string) => void admin('release', 'pull', version),
    addCustomer(card: string, points: number): void {
      admin('customer', 'add', '--name', 'Анна', '--card', card)
      admin('customer', 'adjust', '--card', card, '--points', String(points), '--reason', 'a gift')
    },
    /** What this customer has spent: what was held and is applied. */
    spentBy: (card: string) =>
      admin<{ holds: { state: string; points: number }[] }>('customer', 'show', '--card', card)
        .holds.filter(({ state }) => state === 'applied')
        .reduce((sum, { points }) => sum + points, 0),
    audit: () => admin<{ violations: unknown[] }>('audit').violations,
    /** What the only register said of itself last. */
    versionSeen: () =>
      admin<{ registers: { version: string | null }[] }>('register', 'list').registers[0]?.version ?? null,
    close: () => cloud.stop(),
  }
}
