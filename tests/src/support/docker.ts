/** A real Docker Engine for tests: private, without network, on a socket and in a directory of its own. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import { startProcess, type TestProcess } from './process.js';
import { importTestImage, runTestContainer } from './test-image.js';
import { poll } from './within.js';

export { TEST_IMAGE } from './test-image.js';

/** What tests need of an engine, whosever it is. */
export interface UsedDocker {
  /** `unix://…` or `tcp://…`, as `DOCKER_HOST` has it. */
  readonly host: string;
  readonly docker: Docker;
  /** Creates and starts a container of `TEST_IMAGE` without network. Resolves with its id. */
  run(name: string, command: readonly string[], options?: Docker.ContainerCreateOptions): Promise<string>;
  /** Removes the containers that `run` made; a private engine ends, and its data is deleted. */
  stop(): Promise<void>;
}

export interface TestDocker extends UsedDocker {
  /** Ends the engine as an administrator would; containers end with it and are kept. */
  stopEngine(): Promise<void>;
  /** Starts it again on the same socket and data. */
  startEngine(): Promise<void>;
}

/** The engine of TEST_DOCKER_HOST, or else a private one: for tests that do not need to end it. */
export async function useDocker(): Promise<UsedDocker> {
  const host = process.env['TEST_DOCKER_HOST'];
  return host === undefined || host === '' ? startDocker() : useEngineAt(host);
}

/** Starts a private engine, and resolves when it answers and has the test image. Needs root. */
export async function startDocker(): Promise<TestDocker> {
  const directory = await mkdtemp(join(tmpdir(), 'pulsewire-docker-'));
  const socketPath = join(directory, 'docker.sock');
  const docker = new Docker({ socketPath });
  let engine: TestProcess | undefined = await launch(directory, docker);

  async function stopEngine(): Promise<void> {
    await engine?.stop('SIGTERM', 20_000);
    await endOrphan(directory);
    engine = undefined;
  }

  async function stop(): Promise<void> {
    if (engine !== undefined) await removeContainers(docker);
    await stopEngine();
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  }

  try {
    await importTestImage(docker);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    host: `unix://${socketPath}`,
    docker,
    run: (name, command, options) => runTestContainer(docker, name, command, options),
    stopEngine,
    async startEngine() {
      engine = await launch(directory, docker);
    },
    stop,
  };
}

async function useEngineAt(host: string): Promise<UsedDocker> {
  const url = new URL(host);
  const docker =
    url.protocol === 'unix:'
      ? new Docker({ socketPath: url.pathname })
      : new Docker({ protocol: 'http', host: url.hostname, port: url.port });
  await importTestImage(docker);
  const ids: string[] = [];
  return {
    host,
    docker,
    async run(name, command, options) {
      const id = await runTestContainer(docker, name, command, options);
      ids.push(id);
      return id;
    },
    stop: () => removeContainers(docker, ids),
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

async function removeContainers(docker: Docker, ids?: readonly string[]): Promise<void> {
  const all = await docker.listContainers({ all: true });
  for (const { Id } of all)
    if (ids?.includes(Id) ?? true) await docker.getContainer(Id).remove({ force: true });
}

/** The engine starts containerd and ends it too, unless the engine itself had to be killed. */
async function endOrphan(directory: string): Promise<void> {
  const pidFile = join(directory, 'exec/containerd/containerd.pid');
  const pid = Number.parseInt(await readFile(pidFile, 'utf8').catch(() => ''), 10);
  if (!(pid > 1) || !(await isRunningFrom(pid, directory))) return;
  process.kill(pid, 'SIGKILL');
  const gone = async () => ((await isRunningFrom(pid, directory)) ? undefined : true);
  await poll(gone, { what: 'the end of containerd' });
}

/** A process id may have been given to somebody else meanwhile: the command line must name our directory. */
async function isRunningFrom(pid: number, directory: string): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return command.includes(directory);
}
