import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where a gateway (or the whole app) listens while the pages are being worked on. */
const BACKEND = 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react()],
  resolve: { conditions: ['pulsewire-source', 'module', 'browser', 'development|production'] },
  build: {
    target: 'es2022',
    // Inlined assets become data: URLs, which a strict Content-Security-Policy refuses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: {
      '/api': { target: BACKEND, ws: true },
      '/ws': { target: BACKEND, ws: true },
      '/healthz': { target: BACKEND },
    },
  },
});
