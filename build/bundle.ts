import { join } from 'node:path'
import { bundleParts } from './parts.ts'

// npm run build: the screen for both shells, and the two halves of the Electron shell, into dist/

await bundleParts(join(import.meta.dirname, '../dist'))
