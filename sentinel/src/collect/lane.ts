/** Bounded concurrency for things that may hang: a lane never has more than `limit` of them out. */

/** Offers keys for one round; what still waits from an earlier round is dropped. Returns the workers started. */
export type Lane = (keys: readonly string[]) => Promise<void>[];

/** `work` must not reject. A key whose work is still out is not started again. */
export function createLane(limit: number, work: (key: string) => Promise<void>): Lane {
  const out = new Set<string>();
  let waiting: string[] = [];
  let workers = 0;

  async function run(): Promise<void> {
    workers += 1;
    for (let key = waiting.shift(); key !== undefined; key = waiting.shift()) {
      out.add(key);
      await work(key);
      out.delete(key);
    }
    workers -= 1;
  }

  return (keys) => {
    waiting = keys.filter((key) => !out.has(key));
    const started: Promise<void>[] = [];
    while (workers < limit && waiting.length > 0) started.push(run());
    return started;
  };
}
