import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// The console; build/webApps.ts says where to.

export default defineConfig({
  plugins: [react()],
  base: '/console/',
  build: {
    // Browsers of desks; light-dark() is from 2024.
    target: ['chrome123', 'firefox120', 'safari17.5'],
    // The policy of its page knows no data: URLs and no inline scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
})
