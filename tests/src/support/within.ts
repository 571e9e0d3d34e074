/** Deadlines for tests: what should happen is awaited, and a hang fails with its name instead of a silent timeout. */

/** Settles as `promise` does, or rejects after `timeoutMs` naming `what`. The text of `detail` is added then. */
export async function within<T>(
  promise: Promise<T>,
  timeoutMs: number,
  what: string,
  detail: () => string = () => '',
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`${what}: not within ${timeoutMs} ms\n${detail()}`)),
      timeoutMs,
    );
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Resolves after `ms`. Only for load and benches that pace themselves; tests await events. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Asks every `everyMs` until `probe` gives a value, for facts that nobody announces (files, other processes). */
export async function poll<T>(
  probe: () => Promise<T | undefined> | T | undefined,
  options: { what: string; timeoutMs?: number; everyMs?: number },
): Promise<T> {
  const { what, timeoutMs = 10_000, everyMs = 20 } = options;
  const endMs = performance.now() + timeoutMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined) return found;
    if (performance.now() > endMs) throw new Error(`${what}: not within ${timeoutMs} ms`);
    await pause(everyMs);
  }
}
