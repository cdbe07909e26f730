import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../cloud/database/testing.ts'
import { type CloudProcess, startCloudProcess } from '../../cloud/testing/process.ts'
import { nsisInstaller } from '../../desktop/main/updates/nsis.ts'
import { openRealUpdater } from '../../desktop/main/updates/testing/realUpdater.ts'
import { systemClock } from '../../desktop/register/time/clock.ts'
import { layElectronStandIn, layToolStandIns } from './testing.ts'

const ROOT = join(import.meta.dirname, '../..')
const VERSION = '7.8.9'
const publisher = 'CN=ООО Ромашка, C=RU'

// As in package.test.ts, on Windows nobody can stand in for the tools: there npm run test:installed goes the whole way.
describe.runIf(process.platform !== 'win32')('a package', () => {
  let root: string
  let database: TestDatabase
  let cloud: CloudProcess
  let settings: Record<string, string>
  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'kopilka-update-'))
    database = await createTestDatabase()
    settings = { DATABASE_URL: database.url, UPDATES_FOLDER: join(root, 'store') }
    cloud = await startCloudProcess(settings)
  })
  afterAll(async () => {
    await cloud.stop()
    await database.drop()
    rmSync(root, { recursive: true })
  })

  /** A command of ours; its output, or what it complained of. */
  async function run(script: string, args: string[], env: Record<string, string>): Promise<string> {
    const child = spawn(process.execPath, [join(ROOT, script), ...args], {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const [said, complaint, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ])
    if (code !== 0) throw new Error(`${script} ended with ${code}: ${complaint}`)
    return said
  }

  it('goes as npm run package leaves it through the cloud into a kiosk, which asks for its publisher', async () => {
    const electron = join(root, 'electron')
    const output = join(root, 'out')
    layElectronStandIn(electron)
    writeFileSync(join(root, 'certificate.p12'), 'a certificate')
    const certificate = { CSC_LINK: join(root, 'certificate.p12'), CSC_KEY_PASSWORD: 'a password' }
    const said = await run(
      'build/package.ts',
      [
        '--publisher',
        publisher,
        '--version',
        VERSION,
        '--output',
        output,
        '--electron',
        electron,
        '--signed',
        join(root, 'signed'),
      ],
      { ...layToolStandIns(join(root, 'tools')), ...certificate },
    )
    // The last line of it is the command that is still missing.
    const [publish = ''] = /release publish .*/.exec(said) ?? []
    await run(
      'cloud/admin/main.ts',
      publish.replace('beta --percent 10', 'stable --percent 100').split(' '),
      settings,
    )

    const { updater, asked, requests } = await openRealUpdater({
      folder: join(root, 'machine'),
      version: '7.8.8',
      config: join(output, 'win-unpacked/resources/app-update.yml'),
    })
    const log = pino({ level: 'silent' })
    const installer = nsisInstaller({ updater, clock: systemClock, log, quitTo: async () => {} })
    expect(await installer.find({ url: `${cloud.url}/updates/stable/`, key: null })).toBe(VERSION)
    await installer.fetch(() => {})
    await installer.verify()
    const name = `Kopilka-Setup-${VERSION}.exe`
    const fetched = readFileSync(join(root, 'machine/kopilka-updater/pending', name))
    expect(fetched.equals(readFileSync(join(output, name)))).toBe(true)
    expect(asked.map(({ publishers }) => publishers)).toEqual([[publisher]])
    expect(requests.at(-1)?.path).toBe(`/updates/stable/${name}`)
  })
})
