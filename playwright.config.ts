import { defineConfig } from '@playwright/test'
import { chromiumArgs, findChromium } from './desktop/e2e/chromium.ts'

// What people see, in a real Chromium, against the real cloud: the kiosk with a real register and a 1C that misbehaves,
// the Mini App with a Telegram that only signs, the pages of IT and of the staff.
export default defineConfig({
  testMatch: '**/*.e2e.ts',
  outputDir: 'dist/e2e',
  globalSetup: './desktop/e2e/global.ts',
  // A machine under load makes it slow, not wrong; and the longer a cloud was away, the later a register asks again.
  timeout: 600_000,
  expect: { timeout: 120_000 },
  // One more than the two cores of a small machine: many wait, for the seconds of 1C or for a hand that types.
  workers: 3,
  fullyParallel: true,
  reporter: [['line']],
  use: {
    locale: 'ru-RU',
    launchOptions: { executablePath: findChromium(), args: chromiumArgs },
    trace: 'retain-on-failure',
  },
  projects: [
    { name: 'kiosk', testDir: 'desktop/e2e', use: { viewport: { width: 1260, height: 1000 } } },
    { name: 'fleet', testDir: 'cloud/fleet/e2e' },
    { name: 'console', testDir: 'cloud/console/e2e' },
    { name: 'docs', testDir: 'cloud/http/docs/e2e' },
    {
      name: 'portal',
      testDir: 'cloud/portal/e2e',
      // A small phone, less what Telegram takes of it.
      use: {
        viewport: { width: 360, height: 668 },
        deviceScaleFactor: 2,
        hasTouch: true,
        timezoneId: 'Europe/Moscow',
      },
    },
  ],
})
