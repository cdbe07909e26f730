import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

// A machine under load is slow, not wrong: what is waited for has all the time it may ever need, and a test that
// hangs is told from one that is slow only here.
const PATIENT = {
  testTimeout: 300_000,
  hookTimeout: 300_000,
  expect: { poll: { timeout: 60_000, interval: 20 } },
}

export default defineConfig({
  test: {
    // One more than the two cores of a small machine: many of them wait, for a disk or for the five seconds of 1C. A server of
    // Postgres a worker: see the set-up of the database tests.
    maxWorkers: 3,
    // Servers of Postgres that stop have much to write.
    teardownTimeout: 60_000,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{shared,cloud,desktop,demo,build,simulate,fuzz}/**/*.test.{ts,tsx}'],
          exclude: ['**/*.db.test.ts', '**/node_modules/**'],
          ...PATIENT,
          // The real module throws outside of Electron.
          alias: { electron: join(import.meta.dirname, 'desktop/main/testing/electron.ts') },
        },
      },
      {
        test: {
          name: 'database',
          include: ['{cloud,desktop,demo,build,simulate,fuzz}/**/*.db.test.ts'],
          globalSetup: 'cloud/database/testing.setup.ts',
          ...PATIENT,
        },
      },
    ],
  },
})
