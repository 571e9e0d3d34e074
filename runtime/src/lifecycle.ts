/**
 * Whatever starts returns its stop. A {@link Lifecycle} collects releasers and runs them newest first; one that
 * fails does not keep the others from running, and the first failure is reported at the end.
 */

export interface Stoppable {
  stop(): Promise<void>;
}

type Release = () => void | Promise<void>;

export interface Lifecycle extends Stoppable {
  /** Registers what to do at stop. */
  add(release: Release): void;
  /** Registers something that was started, and returns it. */
  own<T extends Stoppable>(started: T): T;
}

export function createLifecycle(): Lifecycle {
  const releases: Release[] = [];
  let stopping: Promise<void> | undefined;
  return {
    add(release) {
      releases.push(release);
    },
    own(started) {
      releases.push(() => started.stop());
      return started;
    },
    stop() {
      stopping ??= releaseAll(releases);
      return stopping;
    },
  };
}

async function releaseAll(releases: Release[]): Promise<void> {
  const failures: unknown[] = [];
  for (let release = releases.pop(); release !== undefined; release = releases.pop()) {
    try {
      await release();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
