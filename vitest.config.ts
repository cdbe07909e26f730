import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    // A server of Postgres a worker: see the set-up of the database tests.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{shared,cloud,desktop,build,simulate}/**/*.test.{ts,tsx}'],
          exclude: ['**/*.db.test.ts', '**/node_modules/**'],
          // The real module throws outside of Electron.
          alias: { electron: join(import.meta.dirname, 'desktop/main/testing/electron.ts') },
        },
      },
      {
        test: {
          name: 'database',
          include: ['{cloud,desktop,build,simulate}/**/*.db.test.ts'],
          globalSetup: 'cloud/database/testing.setup.ts',
          // A machine under load makes a real server slow, not wrong.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})
