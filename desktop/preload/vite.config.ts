import { defineConfig } from 'vite'

// vite build desktop/preload   one CommonJS file: a sandboxed preload can load nothing but electron

export default defineConfig({
  build: {
    ssr: 'preload.ts',
    outDir: '../../dist/preload',
    emptyOutDir: true,
    target: 'chrome140',
    rolldownOptions: {
      external: ['electron'],
      output: { format: 'cjs', entryFileNames: 'preload.cjs' },
    },
  },
  ssr: { noExternal: true },
})
