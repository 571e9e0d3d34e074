/** Debian's nginx with the configuration that we ship: private, in the foreground, on a free port. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stoppable } from '@pulsewire/runtime';
import { REPOSITORY_ROOT } from '../support/built-entry.js';
import { freePort } from '../support/free-port.js';
import { makeFolder, startProcess } from '../support/process.js';

export interface Nginx extends Stoppable {
  readonly port: number;
  reload(): Promise<void>;
  accessLog(): Promise<string>;
  /** What it has complained of, wherever. */
  errorLog(): Promise<string>;
}

export type Shipped = 'pulsewire.conf' | 'status-bridge.conf';

export function readShippedConfiguration(name: Shipped = 'pulsewire.conf'): Promise<string> {
  return readFile(join(REPOSITORY_ROOT, 'deploy', 'nginx', name), 'utf8');
}

/** Starts nginx in front of a server on `upstreamPort`, and resolves when it takes connections. */
export async function startNginx(upstreamPort: number, name: Shipped = 'pulsewire.conf'): Promise<Nginx> {
  const folder = await makeFolder('nginx');
  const port = await freePort();
  const configuration = join(folder, 'nginx.conf');
  await writeFile(
    join(folder, 'pulsewire.conf'),
    await adaptedConfiguration(name, folder, port, upstreamPort),
  );
  await writeFile(configuration, mainConfiguration(folder));
  const args = ['-p', folder, '-c', configuration, '-e', 'stderr'];
  const server = await startProcess(
    'nginx',
    args,
    {},
    {
      readyWhen: /start worker process \d+/,
      // The master takes its workers along when it is told to end, not when it is killed.
      lastSignal: 'SIGTERM',
    },
  );
  return {
    port,
    async reload() {
      const signal = await startProcess('nginx', [...args, '-s', 'reload']);
      await signal.exited;
      await server.line(/gracefully shutting down/);
    },
    accessLog: () => readFile(join(folder, 'access.log'), 'utf8'),
    errorLog: async () => server.output() + (await readFile(join(folder, 'error.log'), 'utf8')),
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Only what cannot be shared with a system: ports and the place of the log. */
async function adaptedConfiguration(name: Shipped, folder: string, port: number, upstreamPort: number) {
  const upstream = name === 'pulsewire.conf' ? 8080 : 8090;
  const changes: [string, string][] = [
    [`server 127.0.0.1:${upstream};`, `server 127.0.0.1:${upstreamPort};`],
    ['    listen 80;', `    listen 127.0.0.1:${port};`],
  ];
  if (name === 'pulsewire.conf')
    changes.push(
      ['/var/log/nginx/pulsewire.log', join(folder, 'access.log')],
      ['/var/log/nginx/error.log', join(folder, 'error.log')],
    );
  return changes.reduce(
    (text, [shipped, own]) => {
      if (!text.includes(shipped)) throw new Error(`the shipped configuration has no "${shipped}"`);
      return text.replace(shipped, own);
    },
    await readShippedConfiguration(name),
  );
}

function mainConfiguration(folder: string): string {
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  const bodies = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `${kind}_temp_path ${folder}/${kind};`)
    .join('\n  ');
  return `${user}
daemon off;
pid ${folder}/nginx.pid;
error_log stderr notice;
worker_processes 1;
worker_shutdown_timeout 1s;
events {}
http {
  access_log off;
  ${bodies}
  include ${folder}/pulsewire.conf;
}
`;
}
