// The sentinel in one file. A collector must be a small guest on the machine it watches, and most of Node's
// memory for it would be modules that are loaded and never used.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

/**
 * Parts of dockerode that a sentinel never reaches: connecting through SSH, building images, sending archives.
 * They are two thirds of what it loads.
 */
const UNREACHED = /^(?:ssh2|@grpc\/grpc-js|@grpc\/proto-loader|protobufjs|tar-fs|@balena\/dockerignore)$/;

const leaveOutUnreached = {
  name: 'leave-out-unreached',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: UNREACHED }, ({ path: name }) => ({ path: name, namespace: 'unreached' }));
    onLoad({ filter: /.*/, namespace: 'unreached' }, () => ({ contents: 'module.exports = {};' }));
  },
};

/** Writes `dist/main.js` and its source map. Rejects with esbuild's list of errors. */
export async function bundleSentinel() {
  await build({
    entryPoints: [path('src/main.ts')],
    outfile: path('dist/main.js'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['pulsewire-source'],
    minify: true,
    keepNames: true,
    sourcemap: 'external',
    legalComments: 'none',
    // Read only where there is no /proc, on a terminal, or where such a database is watched.
    external: ['systeminformation', 'pino-pretty', 'pg', 'mongodb', 'cpu-features', '*.node'],
    // What is CommonJS inside asks for Node's own modules with `require`, which ESM does not have.
    banner: { js: "import{createRequire as __make}from'node:module';const require=__make(import.meta.url);" },
    plugins: [leaveOutUnreached],
    allowOverwrite: true,
    logLevel: 'warning',
  });
}
