// The build of the console: files with their content's hash in their names, nothing inline.
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  base: '/_pawl/',
  plugins: [react()],
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1000,
    emptyOutDir: true,
  },
  server: { proxy: { '^/(?!_pawl/(src|node_modules|@))': 'http://127.0.0.1:4566' } },
})
