/** The one image of the Docker tests, made on the spot from a static busybox: nothing is downloaded. */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type Docker from 'dockerode';
import { findProgram } from './requirements.js';

/** Holds `/bin/busybox`, `sh`, `sleep` and the like; no entry point. */
export const TEST_IMAGE = 'pulsewire-test';
const APPLETS = ['sh', 'sleep', 'echo', 'cat', 'true', 'false', 'dd', 'kill', 'touch', 'test', 'yes'];

/** Imports {@link TEST_IMAGE}, unless the engine has it. Rejects without a static busybox on this machine. */
export async function importTestImage(docker: Docker): Promise<void> {
  const images = await docker.listImages({ filters: { reference: [TEST_IMAGE] } });
  if (images.length > 0) return;
  const directory = await mkdtemp(join(tmpdir(), 'pulsewire-image-'));
  try {
    const archive = await buildArchive(directory);
    const progress = await docker.importImage(archive, { repo: TEST_IMAGE, tag: 'latest' });
    await new Promise<void>((resolve, reject) => {
      docker.modem.followProgress(progress, (error) => (error === null ? resolve() : reject(error)));
    });
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** Creates and starts a container of {@link TEST_IMAGE} without network. Resolves with its id. */
export async function runTestContainer(
  docker: Docker,
  name: string,
  command: readonly string[],
  options: Docker.ContainerCreateOptions = {},
): Promise<string> {
  const container = await docker.createContainer({
    name,
    Image: TEST_IMAGE,
    Cmd: [...command],
    // `sleep` as process 1 ignores SIGTERM; without this every stop takes 10 s.
    StopTimeout: 1,
    Env: ['PATH=/bin'],
    ...options,
    HostConfig: { NetworkMode: 'none', ...options.HostConfig },
  });
  await container.start();
  return container.id;
}

async function buildArchive(directory: string): Promise<string> {
  const busybox = findProgram('busybox', process.env);
  if (busybox === undefined) throw new Error('busybox is not installed (Debian: busybox-static)');
  const root = join(directory, 'root');
  await mkdir(join(root, 'bin'), { recursive: true });
  await mkdir(join(root, 'tmp'));
  await copyFile(busybox, join(root, 'bin/busybox'));
  for (const applet of APPLETS) await symlink('busybox', join(root, 'bin', applet));
  const archive = join(directory, 'image.tar');
  await promisify(execFile)('tar', ['-C', root, '-cf', archive, '.']);
  return archive;
}
