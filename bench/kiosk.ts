import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { gzipSync } from 'node:zlib'
import { type Browser, chromium } from '@playwright/test'
import { buildWhereStale } from '../desktop/built.ts'
import { chromiumArgs, findChromium } from '../desktop/e2e/chromium.ts'
import { stopChild } from './child.ts'
import type { Finding } from './findings.ts'
import { say } from './print.ts'
import type { Stage } from './stage.ts'
import { createTally } from './tally.ts'

const STARTS = 10
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
      reach: { p50Ms: 2000 },
    },
    {
      what: 'main bundle of the screen, gzip',
      kilobytes: await bundleKilobytes(),
      reach: { kilobytes: 250 },
    },
  ]
}

async function startOnce({ api, keys }: Stage, browser: Browser): Promise<void> {
  const data = await mkdtemp(join(tmpdir(), 'kopilka-bench-kiosk-'))
  const options = [
    '--cloud',
    api.url.href,
    '--key',
    keys[0] ?? '',
    '--data',
    data,
    '--exchange',
    join(data, '1c'),
  ]
  // As `npm run kiosk` does it, without the time that npm takes.
  const program = ['--import', './build/compile-cache.mjs', 'desktop/kiosk.ts', '--shell', 'browser']
  const child = spawn(process.execPath, [...program, '--log-level', 'error', ...options], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const page = await browser.newPage()
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      if (!line.startsWith('KIOSK ')) continue
      await page.goto(line.slice('KIOSK '.length))
      await page.getByRole('textbox').first().waitFor()
      break
    }
  } finally {
    await page.close()
    await stopChild(child)
    await rm(data, { recursive: true, force: true })
  }
}

/** What the page asks for before anybody can use it; the decoder of codes comes later. */
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
