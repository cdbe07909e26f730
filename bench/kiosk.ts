import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { gzipSync } from 'node:zlib'
import { type Browser, chromium, type Page } from '@playwright/test'
import { buildWhereStale } from '../desktop/built.ts'
import { filmQr } from '../desktop/e2e/cameraFilm.ts'
import { chromiumArgs, findChromium } from '../desktop/e2e/chromium.ts'
import { stopChild } from './child.ts'
import { seedCustomers } from './customers.ts'
import type { Finding } from './findings.ts'
import { say } from './print.ts'
import type { Stage } from './stage.ts'
import { createTally } from './tally.ts'

const STARTS = 10
const CODES = 10
const ROOT = join(import.meta.dirname, '..')

/** The kiosk from nothing to a card field, in the browser shell, and what its screen weighs. */
export async function kiosk(stage: Stage): Promise<Finding[]> {
  await buildWhereStale(say)
  const browser = await chromium.launch({ executablePath: findChromium(), args: chromiumArgs })
  stage.closers.defer(() => browser.close())
  const tally = createTally()
  tally.open()
  for (let start = 0; start < STARTS; start += 1) {
    const startedAt = performance.now()
    await startOnce(stage, browser)
    tally.add({ startedAt, acceptedOperations: 0 })
  }
  const { latency } = tally.count()
  return [
    {
      what: 'kiosk started → ready to scan (browser shell, Chromium running)',
      latency,
      reach: { p50Ms: 1000 },
    },
    await codes(stage),
    {
      what: 'main bundle of the screen, gzip',
      kilobytes: await bundleKilobytes(),
      reach: { kilobytes: 250 },
    },
  ]
}

async function startOnce(stage: Stage, browser: Browser): Promise<void> {
  await using closers = new AsyncDisposableStack()
  await openKiosk(stage, { browser, closers })
}

interface Opened {
  browser: Browser
  closers: AsyncDisposableStack
  /** Whether the kiosk looks for codes with its camera. */
  camera?: 'auto' | 'off'
}

/** Resolves when it is ready to scan. */
async function openKiosk({ api, keys }: Stage, { browser, closers, camera = 'off' }: Opened): Promise<Page> {
  const data = await mkdtemp(join(tmpdir(), 'kopilka-bench-kiosk-'))
  closers.defer(() => rm(data, { recursive: true, force: true }))
  const options = Object.entries({
    cloud: api.url.href,
    key: keys[0] ?? '',
    data,
    exchange: join(data, '1c'),
  }).flatMap(([name, value]) => [`--${name}`, value])
  // As `npm run kiosk` does it, without the time that npm takes.
  const program = ['--import', './build/compile-cache.mjs', 'desktop/kiosk.ts', '--shell', 'browser']
  const child = spawn(process.execPath, [...program, '--log-level', 'error', ...options], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  closers.defer(() => stopChild(child))
  const page = await browser.newPage()
  closers.defer(() => page.close())
  const choice = JSON.stringify({ type: camera })
  await page.addInitScript((choice) => localStorage.setItem('kopilka.camera', choice), choice)
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('KIOSK ')) continue
    await page.goto(line.slice('KIOSK '.length))
    await page.getByRole('textbox').first().waitFor()
    break
  }
  return page
}

const titled = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor()

/** From a code that is held before the camera to its customer on the screen, the first one of the day among them. */
async function codes(stage: Stage): Promise<Finding> {
  await using closers = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'kopilka-bench-film-'))
  closers.defer(() => rm(folder, { recursive: true, force: true }))
  const film = join(folder, 'phone.y4m')
  filmQr(film, null)
  const browser = await chromium.launch({
    executablePath: findChromium(),
    args: [...chromiumArgs, `--use-file-for-fake-video-capture=${film}`],
  })
  closers.defer(() => browser.close())
  const page = await openKiosk(stage, { browser, closers, camera: 'auto' })
  const cards = await seedCustomers(stage, CODES)
  const tally = createTally()
  tally.open()
  for (const card of cards) {
    await titled(page, 'Найти покупателя')
    await page.locator('video').waitFor()
    const startedAt = performance.now()
    filmQr(film, `99${card}`)
    await titled(page, 'Сумма чека')
    tally.add({ startedAt, acceptedOperations: 0 })
    filmQr(film, null)
    await page.keyboard.press('Escape')
  }
  const { latency } = tally.count()
  return {
    what: 'code before the camera → its customer on the screen (film of 10 pictures a second)',
    latency,
    reach: { p50Ms: 500 },
  }
}

/** The files that the page loads before it can be used; the decoder of codes comes later. */
async function bundleKilobytes(): Promise<number> {
  const folder = join(ROOT, 'dist/renderer')
  const page = await readFile(join(folder, 'index.html'), 'utf8')
  const names = (await readdir(join(folder, 'assets'))).filter(
    (name) => page.includes(name) && name.endsWith('.js'),
  )
  const sizes = await Promise.all(
    names.map(async (name) => gzipSync(await readFile(join(folder, 'assets', name))).length),
  )
  return sizes.reduce((sum, size) => sum + size, 0) / 1000
}
