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
    /** What the only register said of itself last. */
    versionSeen: () =>
      admin<{ registers: { version: string | null }[] }>('register', 'list').registers[0]?.version ?? null,
    close: () => cloud.stop(),
  }
}
