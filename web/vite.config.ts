import { gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Where a gateway (or the whole app) listens while the pages are being worked on. */
const BACKEND = 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react(), compressAssets()],
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
      '/readyz': { target: BACKEND },
    },
  },
});

/** A compressed twin beside every script and style sheet: whoever serves them need not compress at each request. */
function compressAssets(): Plugin {
  return {
    name: 'compress-assets',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        for (const { fileName, ...file } of Object.values(bundle)) {
          if (!/\.(js|css)$/.test(fileName)) continue;
          const source = file.type === 'chunk' ? file.code : file.source;
          this.emitFile({
            type: 'asset',
            fileName: `${fileName}.gz`,
            source: gzipSync(source, { level: 9 }),
          });
        }
      },
    },
  };
}
