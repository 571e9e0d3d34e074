/**
 * A real Docker Engine for tests: private, on a socket of its own, without network, with one image
 * (`pulsewire-test`) that holds a static busybox.
 */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import Docker from 'dockerode';
import { startProcess, type TestProcess } from './process.js';
import { findProgram } from './requirements.js';
import { poll } from './within.js';

/** `/bin/busybox`, `sh`, `sleep` and the like; no entry point. */
export const TEST_IMAGE = 'pulsewire-test';
const APPLETS = ['sh', 'sleep', 'echo', 'cat', 'true', 'false', 'dd', 'kill', 'touch', 'test', 'yes'];

export interface TestDocker {
  /** `unix://…`, as `DOCKER_HOST` has it. */
  readonly host: string;
  readonly docker: Docker;
  /** Creates and starts a container of {@link TEST_IMAGE} without network. Resolves with its id. */
  run(name: string, command: readonly string[], options?: Docker.ContainerCreateOptions): Promise<string>;
  /** Ends the engine as an administrator would; containers end with it and are kept. */
  stopEngine(): Promise<void>;
  /** Starts it again on the same socket and data. */
  startEngine(): Promise<void>;
  /** Removes every container, ends the engine and deletes its data. */
  stop(): Promise<void>;
}

/** Starts a private engine, and resolves when it answers and has {@link TEST_IMAGE}. Needs root. */
export async function startDocker(): Promise<TestDocker> {
  const directory = await mkdtemp(join(tmpdir(), 'pulsewire-docker-'));
  const socketPath = join(directory, 'docker.sock');
  const docker = new Docker({ socketPath });
  let engine = await launch(directory, docker);

  async function stopEngine(): Promise<void> {
    await engine.stop('SIGTERM', 20_000);
    await endOrphan(join(directory, 'exec/containerd/containerd.pid'));
  }

  async function stop(): Promise<void> {
    await removeContainers(docker).catch(() => undefined);
    await stopEngine();
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  }

  try {
    await importImage(docker, directory);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    host: `unix://${socketPath}`,
    docker,
    run: (name, command, options) => runContainer(docker, name, command, options),
    stopEngine,
    async startEngine() {
      engine = await launch(directory, docker);
    },
    stop,
  };
}

async function launch(directory: string, docker: Docker): Promise<TestProcess> {
  const args = [
    '--storage-driver=vfs',
    '--iptables=false',
    '--ip6tables=false',
    '--bridge=none',
    `--data-root=${join(directory, 'data')}`,
    `--exec-root=${join(directory, 'exec')}`,
    `--pidfile=${join(directory, 'pid')}`,
    `--host=unix://${join(directory, 'docker.sock')}`,
    '--shutdown-timeout=1',
  ];
  // SIGTERM even at the end: a killed engine leaves its containerd behind.
  const options = { readyWhen: /API listen on/, timeoutMs: 40_000, lastSignal: 'SIGTERM' } as const;
  const engine = await startProcess('dockerd', args, {}, options);
  await docker.ping();
  return engine;
}

async function importImage(docker: Docker, directory: string): Promise<void> {
  const busybox = findProgram('busybox', process.env);
  if (busybox === undefined) throw new Error('busybox is not installed (Debian: busybox-static)');
  const root = join(directory, 'root');
  await mkdir(join(root, 'bin'), { recursive: true });
  await mkdir(join(root, 'tmp'));
  await copyFile(busybox, join(root, 'bin/busybox'));
  for (const applet of APPLETS) await symlink('busybox', join(root, 'bin', applet));
  const archive = join(directory, 'image.tar');
  await promisify(execFile)('tar', ['-C', root, '-cf', archive, '.']);
  const progress = await docker.importImage(archive, { repo: TEST_IMAGE, tag: 'latest' });
  await new Promise<void>((resolve, reject) => {
    docker.modem.followProgress(progress, (error) => (error === null ? resolve() : reject(error)));
  });
  await docker.getImage(`${TEST_IMAGE}:latest`).inspect();
}

async function runContainer(
  docker: Docker,
  name: string,
  command: readonly string[],
  options: Docker.ContainerCreateOptions = {},
): Promise<string> {
  const container = await docker.createContainer({
    name,
    Image: TEST_IMAGE,
    Cmd: [...command],
    StopTimeout: 1,
    Env: ['PATH=/bin'],
    ...options,
    HostConfig: { NetworkMode: 'none', ...options.HostConfig },
  });
  await container.start();
  return container.id;
}

async function removeContainers(docker: Docker): Promise<void> {
  const containers = await docker.listContainers({ all: true });
  for (const { Id } of containers) await docker.getContainer(Id).remove({ force: true });
}

/** The engine starts containerd itself and ends it too, unless the engine was killed. */
async function endOrphan(pidFile: string): Promise<void> {
  const text = await readFile(pidFile, 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  if (!(pid > 1) || !(await isRunningFrom(pid, dirname(pidFile)))) return;
  process.kill(pid, 'SIGKILL');
  await poll(async () => ((await isRunningFrom(pid, dirname(pidFile))) ? undefined : true), {
    what: 'the end of containerd',
  });
}

/** A process id may have been given to somebody else: the command line must name our directory. */
async function isRunningFrom(pid: number, directory: string): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return command.includes(directory);
}
