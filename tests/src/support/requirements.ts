/**
 * What tests need of the machine, and whether it is there. A *requirement* is found (with where it is) or missing
 * (with the reason, which ends up in the title of the skipped tests).
 */
import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/**
 * `redis`, `postgresql` and `docker` may be somebody's running server (TEST_REDIS_URL, TEST_DATABASE_URL,
 * TEST_DOCKER_HOST); `redis-server`, `postgresql-server` and `dockerd` are a private one that a test may kill, freeze
 * and start again.
 */
export const REQUIREMENTS = [
  'redis',
  'redis-server',
  'postgresql',
  'postgresql-server',
  'chromium',
  'docker',
  'dockerd',
  'node-exporter',
  'nginx',
  'curl',
  'psql',
  'uws',
] as const;
export type Requirement = (typeof REQUIREMENTS)[number];

export type Availability = { found: string } | { missing: string };
export type Requirements = Record<Requirement, Availability>;

/** Programs under the names that distributions give them; the first one found is used. */
export const PROGRAMS = {
  redis: ['redis-server'],
  initdb: ['initdb'],
  chromium: ['chromium', 'chromium-browser', 'google-chrome'],
  dockerd: ['dockerd'],
  containerd: ['containerd'],
  busybox: ['busybox'],
  nodeExporter: ['prometheus-node-exporter', 'node_exporter'],
  nginx: ['nginx'],
  curl: ['curl'],
  psql: ['psql'],
} as const;
export type Program = keyof typeof PROGRAMS;

/** Bit of `CapEff`; source: linux/capability.h. */
const CAP_SYS_ADMIN = 21n;
const SYSTEM_FOLDERS = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** Looks for everything. `env` is the environment of the test run. */
export function findRequirements(env: Readonly<Record<string, string | undefined>>): Requirements {
  const redisServer = availability('redis', env);
  const postgres = findPostgres(env);
  const dockerd = findDockerd(env);
  return {
    redis: override(env['TEST_REDIS_URL']) ?? redisServer,
    'redis-server': redisServer,
    postgresql: override(env['TEST_DATABASE_URL']) ?? postgres,
    'postgresql-server': postgres,
    chromium: override(env['TEST_CHROMIUM']) ?? availability('chromium', env),
    docker: override(env['TEST_DOCKER_HOST']) ?? dockerd,
    dockerd,
    'node-exporter': availability('nodeExporter', env),
    nginx: availability('nginx', env),
    curl: availability('curl', env),
    psql: availability('psql', env),
    uws: findPackage('uWebSockets.js'),
  };
}

/** A package that is optional, and native: it may be there and not run here. */
function findPackage(name: string): Availability {
  const missing = { missing: `the package ${name} is not installed, or does not run here` };
  const require = createRequire(import.meta.url);
  // Node remembers that it found none, and would not find one that is installed after this.
  if (!require.resolve.paths(name)?.some((folder) => existsSync(join(folder, name)))) return missing;
  try {
    require(name);
    return { found: require.resolve(name) };
  } catch {
    return missing;
  }
}

/** Absolute path of a program, or `undefined`. */
export function findProgram(
  program: Program,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const path = (env['PATH'] ?? '').split(':').filter((folder) => folder !== '');
  const folders = [...path, ...SYSTEM_FOLDERS, ...postgresFolders()];
  for (const name of PROGRAMS[program])
    for (const folder of folders) if (isExecutable(join(folder, name))) return join(folder, name);
  return undefined;
}

/** The user that PostgreSQL's package made, where we are root and the server refuses to be; else `undefined`. */
export function readPostgresUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const line = /^postgres:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8'));
  return line === null ? undefined : { uid: Number(line[1]), gid: Number(line[2]) };
}

function findPostgres(env: Readonly<Record<string, string | undefined>>): Availability {
  if (process.getuid?.() === 0 && readPostgresUser() === undefined)
    return { missing: 'PostgreSQL refuses root, and there is no user postgres' };
  return availability('initdb', env);
}

/** Debian keeps the servers of several versions beside each other, and out of PATH. The newest first. */
function postgresFolders(): string[] {
  const root = '/usr/lib/postgresql';
  try {
    const versions = readdirSync(root).sort((a, b) => Number(b) - Number(a));
    return versions.map((version) => join(root, version, 'bin'));
  } catch {
    return [];
  }
}

function findDockerd(env: Readonly<Record<string, string | undefined>>): Availability {
  if (process.platform !== 'linux') return { missing: 'a private Docker Engine runs on Linux only' };
  if (process.getuid?.() !== 0) return { missing: 'a private Docker Engine needs root' };
  if (!mayMount()) return { missing: 'a private Docker Engine needs a privileged machine (CAP_SYS_ADMIN)' };
  for (const program of ['containerd', 'busybox'] as const) {
    const found = availability(program, env);
    if ('missing' in found) return found;
  }
  return availability('dockerd', env);
}

/** Root in an ordinary container is not enough: the engine mounts file systems. */
function mayMount(): boolean {
  const capabilities = /^CapEff:\s+([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  return ((BigInt(`0x${capabilities ?? '0'}`) >> CAP_SYS_ADMIN) & 1n) === 1n;
}

function availability(program: Program, env: Readonly<Record<string, string | undefined>>): Availability {
  const found = findProgram(program, env);
  return found === undefined ? { missing: `${PROGRAMS[program][0]} is not installed` } : { found };
}

function override(value: string | undefined): Availability | undefined {
  return value === undefined || value === '' ? undefined : { found: value };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
