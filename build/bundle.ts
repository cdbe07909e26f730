import { join } from 'node:path'
import { build } from 'vite'

// npm run build: the screen for both shells, and the two halves of the Electron shell, into dist/

for (const part of ['renderer', 'main', 'preload']) {
  const root = join(import.meta.dirname, '../desktop', part)
  await build({ root, configFile: join(root, 'vite.config.ts'), logLevel: 'warn' })
}
