import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// The screen, for both shells, into dist/renderer.

export default defineConfig({
  plugins: [react()],
  // One shell serves it from the root of 127.0.0.1, the other from its own protocol.
  base: './',
  build: {
    outDir: '../../dist/renderer',
    emptyOutDir: true,
    target: 'chrome140',
    // The shells' content security policy knows no data: URLs and no inline scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The decoder is one chunk of its own, loaded when the camera is.
    chunkSizeWarningLimit: 700,
  },
})
