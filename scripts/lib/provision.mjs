// Installs what the tests need and the machine lacks: only on Debian or a derivative, only as root. Elsewhere the
// affected tests are skipped, and say why.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT, run, say } from './tools.mjs';

const PACKAGES = {
  redis: ['redis-server'],
  'redis-server': ['redis-server'],
  postgresql: ['postgresql'],
  'postgresql-server': ['postgresql'],
  chromium: ['chromium', 'fonts-noto-cjk'],
  docker: ['docker.io', 'busybox-static'],
  dockerd: ['docker.io', 'busybox-static'],
  'node-exporter': ['prometheus-node-exporter'],
  nginx: ['nginx-light'],
};
/** The optional engine is large, so nobody gets it who does not test it. Pinned like the lockfile pins the others. */
const ENGINE = {
  requirement: 'uws',
  folder: 'node_modules/uWebSockets.js',
  spec: 'uWebSockets.js@npm:uwebsockets@3.0.6',
  integrity:
    'sha512-0Nw22DDOd1YGnJ8/IHYVCDHZXAVqLnjBxktl2bSjcJRVcgasb2Zs8WCRhL41IydraLLq001c6ycHdIS+rEcAxw==',
};
const POLICY = '/usr/sbin/policy-rc.d';

/** Needs a build: the list of requirements is that of the tests. */
export async function provision() {
  const missing = await findMissing();
  if (missing.length === 0) return;
  const packages = [...new Set(missing.flatMap(([name]) => PACKAGES[name] ?? []))];
  if (canInstall() && packages.length > 0) await install(packages);
  if (canInstall() && missing.some(([name]) => name === ENGINE.requirement)) await installEngine();
  for (const [name, { missing: reason }] of await findMissing())
    say(`missing: ${name}, its tests are skipped (${reason})`);
}

async function findMissing() {
  const compiled = pathToFileURL(join(ROOT, 'tests/dist/src/support/requirements.js')).href;
  const { findRequirements } = await import(compiled);
  return Object.entries(findRequirements(process.env)).filter(([, state]) => 'missing' in state);
}

function canInstall() {
  if (process.getuid?.() !== 0 || !existsSync('/etc/os-release')) return false;
  return /^ID(_LIKE)?=.*debian/m.test(readFileSync('/etc/os-release', 'utf8'));
}

/** Debian starts what it installs; a policy that says no keeps a system-wide Redis or Docker from appearing. */
async function install(packages) {
  const withPolicy = !existsSync(POLICY);
  if (withPolicy) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...packages]]) {
      say(`apt-get ${args.join(' ')}`);
      const { code, output } = await run('apt-get', args, { env, quiet: true });
      if (code !== 0) return say(output.trimEnd());
    }
  } finally {
    if (withPolicy) rmSync(POLICY);
  }
}

/** Beside the lockfile, which must not name it; what came is compared with what was meant. */
async function installEngine() {
  say(`npm install --no-save ${ENGINE.spec}`);
  const args = ['install', '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', ENGINE.spec];
  const { code, output } = await run('npm', args, { quiet: true });
  if (code !== 0) return say(output.trimEnd());
  const installed = JSON.parse(readFileSync(join(ROOT, 'node_modules/.package-lock.json'), 'utf8'));
  if (installed.packages[ENGINE.folder]?.integrity === ENGINE.integrity) return;
  rmSync(join(ROOT, ENGINE.folder), { recursive: true, force: true });
  throw new Error(`${ENGINE.spec} is not the release that we know; it was removed again`);
}
