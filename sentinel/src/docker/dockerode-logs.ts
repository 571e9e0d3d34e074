/** A container's log through dockerode. */
import type { Clock } from '@pulsewire/runtime';
import type Docker from 'dockerode';
import type { LogReading } from './engine.js';

/** Rejects when the engine does not answer in time, or refuses. */
export async function readLastLog(
  docker: Docker,
  id: string,
  since: string | null,
  abortSignal: AbortSignal,
): Promise<{ tty: boolean; bytes: Buffer }> {
  const container = docker.getContainer(id);
  const { Config } = await container.inspect({ abortSignal });
  const bytes = await container.logs({
    follow: false,
    stdout: true,
    stderr: true,
    timestamps: true,
    tail: 1,
    ...(since === null ? {} : { since }),
    abortSignal,
  } as unknown as Docker.ContainerLogsOptions & { follow: false });
  return { tty: Config.Tty, bytes };
}

/** Rejects when the engine does not begin to answer in time, or refuses: then with its `statusCode`. */
export async function openLogs(
  docker: Docker,
  id: string,
  since: string | null,
  clock: Clock,
  deadlineMs: number,
): Promise<LogReading> {
  const abort = new AbortController();
  const cancel = clock.after(deadlineMs, () => abort.abort());
  try {
    const container = docker.getContainer(id);
    const { Config } = await container.inspect({ abortSignal: abort.signal });
    const stream = await container.logs({
      follow: true,
      stdout: true,
      stderr: true,
      timestamps: true,
      ...(since === null ? {} : { since }),
      abortSignal: abort.signal,
      // The types want a number of seconds; the engine takes nanoseconds behind the point, which a number cannot hold.
    } as unknown as Docker.ContainerLogsOptions & { follow: true });
    return {
      tty: Config.Tty,
      chunks: stream as unknown as AsyncIterable<Buffer>,
      stop: () => abort.abort(),
    };
  } finally {
    cancel();
  }
}
