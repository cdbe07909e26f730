import { chmodSync, copyFileSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { layElectronStandIn } from '../package/testing.ts'
import { type Machine, packageFolder } from './machine.ts'

const SOURCES = join(import.meta.dirname, 'standIns')
const PLUGINS: Record<string, string> = {
  StdUtils: 'STDUTILS',
  WinShell: 'WINSHELL',
  SpiderBanner: 'SPIDERBANNER',
  nsProcess: 'NSPROCESS',
  UAC: 'UAC',
}
const PASSWORD = 'a password'

/** The signer: a certificate for signing programs that only this Windows trusts. */
export interface Publisher {
  /** As a kiosk is told it. */
  subject: string
  /** The certificate with its key, and alone. */
  p12: string
  certificate: string
}

/** What is needed to make installers here: stand-ins of what only Electron and electron-builder's servers have, and publishers. */
export function layKit(machine: Machine, folder: string) {
  mkdirSync(folder)
  const electron = join(folder, 'electron')
  const powershell = join(folder, 'powershell.exe')
  const trust = join(folder, 'trust.exe')
  const resources = join(folder, 'program.o')
  const program = join(folder, 'program.exe')
  const compile = (to: string, from: string, ...more: string[]) =>
    machine.command([
      'x86_64-w64-mingw32-gcc',
      '-O1',
      '-s',
      '-municode',
      '-o',
      to,
      join(SOURCES, from),
      ...more,
    ])

  machine.command(['x86_64-w64-mingw32-windres', join(SOURCES, 'program.rc'), '-O', 'coff', '-o', resources])
  compile(program, 'program.c', resources, '-mwindows')
  compile(powershell, 'powershell.c', '-lwintrust', '-lcrypt32')
  compile(trust, 'trust.c', '-lcrypt32')
  layElectronStandIn(electron)
  chmodSync(tools.ELECTRON_BUILDER_7ZIP_PATH, 0o755)
  copyFileSync(program, join(electron, 'electron.exe'))
  // Every library is signed, so it must be one.
  compile(join(electron, 'ffmpeg.dll'), 'plugins.c', '-shared')

  return {
    electron,
    powershell,
    trust,
    environment: { ...layNsis(machine, folder), ...tools },
    publisher: (name: string) => layPublisher(machine, folder, name),
    /** For npm run package. */
    signedBy: ({ p12 }: Publisher) => ({ CSC_LINK: p12, CSC_KEY_PASSWORD: PASSWORD }),
    sign(from: string, to: string, { p12 }: Publisher): void {
      machine.command([
        'osslsigncode',
        'sign',
        '-pkcs12',
        p12,
        '-pass',
        PASSWORD,
        '-h',
        'sha256',
        '-in',
        from,
        '-out',
        to,
      ])
    },
    unsign: (from: string, to: string) =>
      machine.command(['osslsigncode', 'remove-signature', '-in', from, '-out', to]),
  }
}

const tools = {
  ELECTRON_BUILDER_7ZIP_PATH: join(packageFolder('7zip-bin'), 'linux/x64/7za'),
  ELECTRON_BUILDER_OSSL_SIGNCODE_PATH: '/usr/bin/osslsigncode',
  // No time of a server in the signature.
  ELECTRON_BUILDER_OFFLINE: 'true',
}

/** Debian's NSIS as electron-builder expects its own, and the plugins of its scripts. */
function layNsis(machine: Machine, folder: string): Record<string, string> {
  const nsis = join(folder, 'nsis')
  mkdirSync(join(nsis, 'linux'), { recursive: true })
  symlinkSync('/usr/bin/makensis', join(nsis, 'linux/makensis'))
  for (const name of ['Contrib', 'Include', 'Plugins', 'Stubs'])
    symlinkSync(`/usr/share/nsis/${name}`, join(nsis, name))

  const plugins = join(folder, 'plugins/plugins/x86-unicode')
  mkdirSync(plugins, { recursive: true })
  for (const [name, part] of Object.entries(PLUGINS))
    machine.command([
      ...['i686-w64-mingw32-gcc', '-O1', '-shared', '-static-libgcc', `-D${part}`, '-Wl,--kill-at'],
      ...['-o', join(plugins, `${name}.dll`), join(SOURCES, 'plugins.c'), '-lshell32'],
    ])
  const nsis7z = 'assets/nsis/Plugins/x86-unicode/nsis7z.dll'
  copyFileSync(join(packageFolder('nwjs-builder-phoenix'), nsis7z), join(plugins, 'nsis7z.dll'))
  return { ELECTRON_BUILDER_NSIS_DIR: nsis, ELECTRON_BUILDER_NSIS_RESOURCES_DIR: join(folder, 'plugins') }
}

function layPublisher(machine: Machine, folder: string, name: string): Publisher {
  const own = join(folder, `publisher-${readdirSync(folder).length}`)
  const [key, pem, certificate, p12] = [
    'key.pem',
    'certificate.pem',
    'certificate.der',
    'certificate.p12',
  ].map((file) => join(own, file)) as [string, string, string, string]
  mkdirSync(own)
  machine.command([
    ...['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', '-sha256', '-utf8'],
    ...[
      '-subj',
      `/C=RU/CN=${name}`,
      '-addext',
      'extendedKeyUsage=codeSigning',
      '-addext',
      'keyUsage=digitalSignature',
    ],
    ...['-keyout', key, '-out', pem],
  ])
  machine.command(['openssl', 'x509', '-in', pem, '-outform', 'DER', '-out', certificate])
  machine.command([
    'openssl',
    'pkcs12',
    '-export',
    '-inkey',
    key,
    '-in',
    pem,
    '-out',
    p12,
    '-passout',
    `pass:${PASSWORD}`,
  ])
  return { subject: `CN=${name}, C=RU`, p12, certificate }
}
