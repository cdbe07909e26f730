import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
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
          // One server serves them all, and the feed of changes waits for whoever writes on it.
          fileParallelism: false,
          // A machine under load makes a real server slow, not wrong.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})
