/** Whether a container is the one that the sentinel itself runs in: its lines are published already. */
import { readFile } from 'node:fs/promises';

/** Engines mount files that they keep in a folder named after the container. */
const MOUNTED_FROM = /\/containers\/([0-9a-f]{64})\//;

/** The id, or `null` outside of a container and where the kernel does not tell. */
export async function readOwnContainerId(mountInfo = '/proc/self/mountinfo'): Promise<string | null> {
  const text = await readFile(mountInfo, 'utf8').catch(() => '');
  return MOUNTED_FROM.exec(text)?.[1] ?? null;
}
