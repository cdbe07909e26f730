import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chromium } from '@playwright/test'

const DEBIAN = '/usr/bin/chromium'

/** The browser the tests run in: Debian's, installed where we may do that, otherwise Playwright's own. */
export function findChromium(): string {
  if (existsSync(DEBIAN)) return DEBIAN
  const own = chromium.executablePath()
  if (existsSync(own)) return own
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.error('installing Debian’s chromium for the browser tests …')
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore' })
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { stdio: 'ignore' })
    if (existsSync(DEBIAN)) return DEBIAN
  }
  throw new Error(
    'There is no Chromium for the browser tests: install the package chromium of your system, ' +
      'or run "npx playwright install chromium".',
  )
}

export const chromiumArgs = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
]
