import { defineConfig } from 'vite'

// vite build desktop/main   one file; CommonJS, because what must happen before Electron is ready happens at once

export default defineConfig({
  build: {
    ssr: 'main.ts',
    outDir: '../../dist/main',
    emptyOutDir: true,
    target: 'node24',
    rolldownOptions: {
      // better-sqlite3 finds its native part beside itself.
      external: ['electron', 'better-sqlite3'],
      output: { format: 'cjs', entryFileNames: 'main.cjs' },
    },
  },
  ssr: { noExternal: true },
})
