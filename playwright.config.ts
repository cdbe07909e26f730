import { defineConfig } from '@playwright/test'
import { chromiumArgs, findChromium } from './desktop/e2e/chromium.ts'

// What people see, in a real Chromium, against the real cloud, a real register and a 1C that misbehaves.
export default defineConfig({
  testDir: '.',
  testMatch: ['desktop/e2e/**/*.e2e.ts', 'cloud/**/e2e/*.e2e.ts'],
  outputDir: 'dist/e2e',
  globalSetup: './desktop/e2e/global.ts',
  timeout: 60_000,
  expect: { timeout: 15_000 },
  workers: 2,
  fullyParallel: true,
  reporter: [['line']],
  use: {
    viewport: { width: 1260, height: 1000 },
    locale: 'ru-RU',
    launchOptions: { executablePath: findChromium(), args: chromiumArgs },
    trace: 'retain-on-failure',
  },
})
