import { mkdir, writeFile } from 'node:fs/promises'
import { type ClientRequest, type IncomingMessage, type RequestOptions, request } from 'node:http'
import { join } from 'node:path'
import {
  configureRequestOptions,
  configureRequestUrl,
  type DownloadOptions,
  HttpExecutor,
} from 'builder-util-runtime'
import { NsisUpdater } from 'electron-updater'

/** Node's http where Electron has its own network; it counts what came. */
class NodeExecutor extends HttpExecutor<ClientRequest> {
  readonly requests: { path: string; range: string | undefined; receivedBytes: number }[] = []

  createRequest(options: RequestOptions, callback: (response: IncomingMessage) => void): ClientRequest {
    const headers = Object.entries(options.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value])
    const { range } = Object.fromEntries(headers) as { range?: string }
    const entry = { path: options.path ?? '', range, receivedBytes: 0 }
    this.requests.push(entry)
    return request({ ...options, agent: false }, (response) => {
      response.on('data', (chunk: Buffer) => {
        entry.receivedBytes += chunk.length
      })
      callback(response)
    })
  }

  /** As Electron's executor does it. */
  async download(url: URL, destination: string, options: DownloadOptions): Promise<string> {
    return await options.cancellationToken.createPromise((resolve, reject, onCancel) => {
      const requestOptions: RequestOptions = { headers: options.headers ?? {} }
      configureRequestUrl(url, requestOptions)
      configureRequestOptions(requestOptions)
      const callback = (error: Error | null) => (error ? reject(error) : resolve(destination))
      this.doDownload(requestOptions, { destination, options, onCancel, callback, responseHandler: null }, 0)
    })
  }
}

export const PUBLISHER = 'Копилка ООО'
type Verify = (publishers: string[], path: string) => Promise<string | null>

/**
 * The updater that runs in the packaged kiosk, outside of Electron: another network, another notion of the app, and
 * somebody else who looks at signatures, because those are a matter of Windows.
 */
export async function openRealUpdater({
  folder,
  version,
  publisher = PUBLISHER,
  config,
  verify = async () => null,
  isDifferential = false,
}: {
  /** Of this machine's user: what is fetched, and what was installed before. */
  folder: string
  version: string
  publisher?: string | null
  /** The app-update.yml of a package; one like it where there is no package. */
  config?: string
  verify?: Verify
  /** Fails where it cannot fetch only what differs, instead of fetching the whole. */
  isDifferential?: boolean
}) {
  await mkdir(join(folder, 'cache'), { recursive: true })
  const updater = new NsisUpdater(null, {
    version,
    name: 'Kopilka',
    isPackaged: true,
    appUpdateConfigPath: config ?? (await layConfig(folder, publisher)),
    userDataPath: folder,
    baseCachePath: folder,
    whenReady: async () => {},
    relaunch: () => {},
    quit: () => {},
    onQuit: () => {},
  })
  const executor = new NodeExecutor()
  const asked: { publishers: string[]; path: string }[] = []
  // On Linux it would ask for another list.
  const testOptions = { platform: 'win32', isUseDifferentialDownload: isDifferential }
  Object.assign(updater, { httpExecutor: executor, _testOnlyOptions: testOptions })
  updater.verifyUpdateCodeSignature = async (publishers, path) => {
    asked.push({ publishers, path })
    return await verify(publishers, path)
  }
  return { updater, requests: executor.requests, asked }
}

async function layConfig(folder: string, publisher: string | null): Promise<string> {
  const config = join(folder, 'app-update.yml')
  await writeFile(
    config,
    [
      'provider: generic',
      'url: https://updates.invalid/stable',
      'channel: latest',
      'updaterCacheDirName: cache',
      ...(publisher ? ['publisherName:', `  - ${publisher}`] : []),
    ].join('\n'),
  )
  return config
}

/** What the installer of the version that runs left behind, for the next one to be made of. */
export async function leaveInstalled(folder: string, installer: Buffer): Promise<void> {
  await mkdir(join(folder, 'cache'), { recursive: true })
  await writeFile(join(folder, 'cache', 'installer.exe'), installer)
}
