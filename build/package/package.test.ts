import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, extname, join, relative } from 'node:path'
import { gunzipSync } from 'node:zlib'
import asar from '@electron/asar'
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { faultsOf, filesOf, sizeOf } from './inspect.ts'
import { makeInstaller } from './make.ts'
import type { PackageOptions, Trust } from './options.ts'
import { describePackage } from './report.ts'
import { stageApp } from './stage.ts'
import {
  getConfig,
  layElectronStandIn,
  layToolStandIns,
  NtExecutable,
  NtExecutableResource,
  Resource,
  validateConfiguration,
} from './testing.ts'

// electron-builder makes all of it; only Electron itself and the programs it would fetch are stand-ins. On Windows those
// are programs that nobody can stand in for: there npm run package is the test, and npm run test:installed.
describe.runIf(process.platform !== 'win32')('a package of the kiosk', () => {
  let root: string
  let tools: Record<string, string>
  let options: PackageOptions
  let installer: string
  const publisher = 'CN=ООО Ромашка, C=RU'
  const trust: Trust = { signed: true, publisher }
  const app = () => join(root, 'out/win-unpacked')
  const textOf = (path: string) => readFileSync(join(root, path), 'utf8')

  async function make(trust: Trust, output: string): Promise<string> {
    return await makeInstaller(join(root, 'app'), { ...options, trust, output: join(root, output) })
  }

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'kopilka-package-'))
    layElectronStandIn(join(root, 'electron'))
    tools = layToolStandIns(join(root, 'tools'))
    writeFileSync(join(root, 'certificate.p12'), 'a certificate')
    options = {
      ...{ version: '1.2.3-beta.1', trust, output: join(root, 'out') },
      ...{ signed: join(root, 'signed'), electron: join(root, 'electron') },
    }
    await stageApp(join(root, 'app'), options)
    withTools({ CSC_LINK: join(root, 'certificate.p12'), CSC_KEY_PASSWORD: 'a password' })
    installer = await make(trust, 'out')
    vi.unstubAllEnvs()
  })
  afterEach(() => void vi.unstubAllEnvs())
  afterAll(() => rmSync(root, { recursive: true }))

  function withTools(also: Record<string, string> = {}): void {
    for (const [name, value] of Object.entries({ ...tools, ...also })) vi.stubEnv(name, value)
  }

  it('has inside what the app needs, and nothing else', () => {
    const inside = filesOf(app()).map(({ path }) => path)
    expect(inside.filter((path) => path.startsWith('node_modules/')).sort()).toEqual(THEIRS)
    const others = inside.filter((path) => !path.startsWith('node_modules/'))
    expect(others.filter((path) => !OURS.some((form) => form.test(path)))).toEqual([])
    // Each of them is there: the two halves of the shell, who it is, and a screen with its script, style and decoder.
    expect(OURS.filter((form) => !others.some((path) => form.test(path)))).toEqual([])
    for (const kind of ['js', 'css', 'wasm', 'woff2', 'svg'])
      expect(others.map((path) => extname(path))).toContain(`.${kind}`)
  })

  it('knows its version, and nothing of the cloud', () => {
    const textInside = (path: string) => asar.extractFile(join(app(), 'resources/app.asar'), path).toString()
    const manifest: unknown = JSON.parse(textInside('package.json'))
    expect(manifest).toEqual({
      name: 'kopilka',
      productName: 'Kopilka',
      version: '1.2.3-beta.1',
      description: expect.any(String),
      author: 'ООО Ромашка',
      main: 'dist/main/main.cjs',
    })
    // What the heartbeat tells is compiled in.
    expect(textInside('dist/main/main.cjs')).toContain('"1.2.3-beta.1"')
    expect(textInside('dist/main/main.cjs')).not.toContain('node-cron')
  })

  it('has the native module for Windows beside the archive, as npm brought it', () => {
    const native = 'node_modules/better-sqlite3/prebuilds/win32-x64.node'
    const unpacked = filesOf(app()).filter(({ isUnpacked }) => isUnpacked)
    expect(unpacked.map(({ path }) => path)).toEqual([native])
    const packed = readFileSync(join(app(), 'resources/app.asar.unpacked', native))
    expect(packed.equals(readFileSync(join(import.meta.dirname, '../..', native)))).toBe(true)
  })

  it('has everything inside to open a journal with', () => {
    const folder = join(root, 'here')
    asar.extractAll(join(app(), 'resources/app.asar'), folder)
    // Of this system, where the tests run; all else is as it is inside.
    const native = `node_modules/better-sqlite3/prebuilds/${process.platform}-${process.arch}.node`
    cpSync(join(import.meta.dirname, '../..', native), join(folder, native))
    const load = createRequire(join(folder, 'dist/main/main.cjs'))
    expect(load.resolve('better-sqlite3')).toBe(join(folder, 'node_modules/better-sqlite3/lib/index.js'))
    const Database = load('better-sqlite3') as typeof import('better-sqlite3')
    const journal = new Database(join(root, 'journal.sqlite'))
    journal.exec('create table entries (id integer primary key)')
    journal.transaction(() => journal.prepare('insert into entries default values').run())()
    expect(journal.prepare('select count(*) as entries from entries').get()).toEqual({ entries: 1 })
    journal.close()
  })

  it('is found sound: fuses, checksum of the archive, files', async () => {
    expect(await faultsOf(app())).toEqual([])
  })

  it('has our icon, in all sizes, and our name', () => {
    const { entries } = NtExecutableResource.from(NtExecutable.from(readFileSync(join(app(), 'Kopilka.exe'))))
    const [icon] = Resource.IconGroupEntry.fromEntries(entries)
    expect(icon?.icons.map(({ width }) => width || 256)).toEqual([16, 20, 24, 32, 40, 48, 64, 96, 128, 256])
    const [info] = Resource.VersionInfo.fromEntries(entries)
    expect(info?.getStringValues({ lang: 1033, codepage: 1200 })).toMatchObject({
      ProductName: 'Kopilka',
      CompanyName: 'ООО Ромашка',
      FileVersion: '1.2.3-beta.1',
    })
  })

  it('keeps of Chromium the languages that are read, and the licences', () => {
    expect(readdirSync(join(app(), 'locales')).sort()).toEqual(['en-US.pak', 'ru.pak'])
    expect(readdirSync(app())).toEqual(
      expect.arrayContaining(['LICENSE.electron.txt', 'LICENSES.chromium.html']),
    )
  })

  it('accepts updates of its publisher only, from where the running kiosk says', () => {
    expect(textOf('out/win-unpacked/resources/app-update.yml').trim().split('\n')).toEqual([
      'provider: generic',
      'url: https://updates.invalid/stable',
      'channel: latest',
      'updaterCacheDirName: kopilka-updater',
      'publisherName:',
      `  - ${publisher}`,
    ])
  })

  it('is signed with everything that Windows runs', () => {
    const signed = textOf('tools/signed').trim().split('\n')
    expect(signed.map((file) => relative(join(root, 'out'), file))).toEqual([
      'win-unpacked/Kopilka.exe',
      'win-unpacked/ffmpeg.dll',
      'win-unpacked/resources/app.asar.unpacked/node_modules/better-sqlite3/prebuilds/win32-x64.node',
      'Kopilka-Setup-1.2.3-beta.1.__uninstaller.exe',
      'Kopilka-Setup-1.2.3-beta.1.exe',
    ])
  })

  it('leaves what was signed for the next package', () => {
    expect(
      readdirSync(join(root, 'signed'))
        .map((name) => extname(name))
        .sort(),
    ).toEqual(['.dll', '.node'])
  })

  it('is installed by one click, for one user, with our icon', () => {
    const told = textOf('out/Kopilka-Setup-1.2.3-beta.1.exe.told').split('\n')
    expect(told).toEqual(
      expect.arrayContaining([
        '-DONE_CLICK',
        '-DRUN_AFTER_FINISH',
        '-DSHORTCUT_NAME=Копилка',
        `-DMUI_ICON=${join(import.meta.dirname, 'icon.ico')}`,
        '-DAPP_INSTALLER_STORE_FILE=kopilka-updater\\installer.exe',
      ]),
    )
    expect(told.filter((argument) => /PER_ALL_USERS|DELETE_APP_DATA|ELEVATE/i.test(argument))).toEqual([])
  })

  it('takes the folder of its updates along when it is removed', () => {
    const [, folder] =
      /updaterCacheDirName: (.*)/.exec(textOf('out/win-unpacked/resources/app-update.yml')) ?? []
    const script = readFileSync(join(import.meta.dirname, 'installer.nsh'), 'utf8')
    expect(script).toContain(`RMDir /r "$LOCALAPPDATA\\${folder}"`)
  })

  it('is described by a latest.yml, whatever its version, and a blockmap for downloads of what changed', () => {
    const name = 'Kopilka-Setup-1.2.3-beta.1.exe'
    expect(basename(installer)).toBe(name)
    const bytes = readFileSync(installer)
    const sha512 = createHash('sha512').update(bytes).digest('base64')
    expect(textOf('out/latest.yml')).toContain(
      `version: 1.2.3-beta.1\nfiles:\n  - url: ${name}\n    sha512: ${sha512}\n    size: ${bytes.length}\n`,
    )
    const blockmap = JSON.parse(gunzipSync(readFileSync(`${installer}.blockmap`)).toString())
    const sizes: number[] = blockmap.files[0].sizes
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(bytes.length)
  })

  it('is described to whoever made it', () => {
    const text = describePackage(options, installer)
    expect(text).toMatch(/Kopilka-Setup-1\.2\.3-beta\.1\.exe +300 kB/)
    expect(text).toContain(`Its updates must be signed by ${publisher}.`)
    expect(sizeOf(join(root, 'app'))).toBeLessThan(6_500_000)
    expect(describePackage({ ...options, trust: { signed: false } }, installer)).toContain('UNSIGNED')
  })

  it('is not made for a publisher without a certificate', async () => {
    withTools()
    await expect(make(trust, 'refused')).rejects.toThrow('App is not signed')
    expect(existsSync(join(root, 'refused/latest.yml'))).toBe(false)
  })

  it('is not made over a folder that holds something else', async () => {
    await expect(make(trust, 'app')).rejects.toThrow('holds something else')
    expect(existsSync(join(root, 'app/package.json'))).toBe(true)
  })

  describe('made unsigned, because that was said', () => {
    const unsigned = () => join(root, 'unsigned/win-unpacked')
    beforeAll(async () => {
      rmSync(join(root, 'tools/signed'), { force: true })
      withTools({ CSC_LINK: join(root, 'certificate.p12') })
      await make({ signed: false }, 'unsigned')
      vi.unstubAllEnvs()
    })

    function copyOf(name: string): string {
      cpSync(unsigned(), join(root, name), { recursive: true })
      return join(root, name)
    }

    it('is signed by nobody, also where a certificate lies ready, and asks nobody for a signature', async () => {
      expect(existsSync(join(root, 'tools/signed'))).toBe(false)
      expect(textOf('unsigned/win-unpacked/resources/app-update.yml')).not.toContain('publisherName')
      expect(await faultsOf(unsigned())).toEqual([])
    })

    it('is not found sound with another fuse', async () => {
      const folder = copyOf('fused')
      await flipFuses(join(folder, 'Kopilka.exe'), {
        version: FuseVersion.V1,
        [FuseV1Options.RunAsNode]: true,
      })
      expect(await faultsOf(folder)).toEqual(['the fuse RunAsNode is not off'])
    })

    it('is not found sound with other things inside', async () => {
      const folder = copyOf('stuffed')
      cpSync(join(root, 'app'), join(root, 'other'), { recursive: true })
      writeFileSync(join(root, 'other/dist/main/main.cjs.map'), '{}')
      writeFileSync(join(root, 'other/customers.sql'), 'select')
      await asar.createPackage(join(root, 'other'), join(folder, 'resources/app.asar'))
      expect(await faultsOf(folder)).toEqual([
        'Kopilka.exe does not know the checksum of app.asar',
        'customers.sql must not be inside',
        'dist/main/main.cjs.map must not be inside',
        '64-bit Windows cannot load node_modules/better-sqlite3/prebuilds/win32-x64.node',
      ])
    })

    it('is not found sound with the native module of another system', async () => {
      const folder = copyOf('foreign')
      const prebuilds = 'node_modules/better-sqlite3/prebuilds'
      const native = join(folder, 'resources/app.asar.unpacked', prebuilds, 'win32-x64.node')
      cpSync(join(import.meta.dirname, '../..', prebuilds, 'linux-x64.node'), native)
      expect(await faultsOf(folder)).toEqual([`64-bit Windows cannot load ${prebuilds}/win32-x64.node`])
    })
  })

  it('is configured in words that electron-builder knows', async () => {
    const log = { isEnabled: false } as const
    const config = await getConfig(join(import.meta.dirname, '../..'), 'electron-builder.yml')
    await validateConfiguration(config, log)
    const misspelt = { ...config, nsis: { ...config.nsis, permachine: true } }
    await expect(validateConfiguration(misspelt, log)).rejects.toThrow('configuration.nsis')
  })
})

const OURS = [
  /^package\.json$/,
  /^dist\/main\/main\.cjs$/,
  /^dist\/preload\/preload\.cjs$/,
  /^dist\/display\/index\.html$/,
  /^dist\/display\/assets\/[\w-]+\.(js|css|woff2)$/,
  /^dist\/renderer\/index\.html$/,
  /^dist\/renderer\/assets\/[\w-]+\.(js|css|wasm|woff2|svg)$/,
]
const THEIRS = [
  'LICENSE',
  'lib/binding.js',
  'lib/database.js',
  'lib/index.js',
  'lib/methods/aggregate.js',
  'lib/methods/backup.js',
  'lib/methods/explain.js',
  'lib/methods/function.js',
  'lib/methods/inspect.js',
  'lib/methods/pragma.js',
  'lib/methods/serialize.js',
  'lib/methods/table.js',
  'lib/methods/transaction.js',
  'lib/methods/wrappers.js',
  'lib/sqlite-error.js',
  'lib/util.js',
  'package.json',
  'prebuilds/win32-x64.node',
].map((path) => `node_modules/better-sqlite3/${path}`)
