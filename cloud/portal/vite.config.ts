import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// The Mini App; build/webApps.ts says where to.

export default defineConfig({
  plugins: [react()],
  base: '/app/',
  build: {
    // Telegram shows it in the web view of the phone, and phones grow old.
    target: ['chrome90', 'safari15.4'],
    // The policy of its page knows no data: URLs and no inline scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
})
