import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// What the customer sees, into dist/display.

export default defineConfig({
  plugins: [react()],
  base: './',
  build: {
    outDir: '../../dist/display',
    emptyOutDir: true,
    // A tablet of the shop may be older than our Electron.
    target: 'chrome109',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
})
