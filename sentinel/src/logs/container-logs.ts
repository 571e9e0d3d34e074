/** Which containers are followed now, each from where; and what is known of how far each was read. */
import type { Cancel, Clock, Logger } from '@pulsewire/runtime';
import type { ContainerFacts } from '../docker/container-facts.js';
import type { DockerWatch } from '../docker/watch-docker.js';
import { engineTimeOf } from './engine-time.js';
import { type ContainerFollow, type FollowContainerOptions, followContainer } from './follow-container.js';
import type { LogOutlet } from './log-outlet.js';
import { furthest, type LogPosition } from './log-position.js';
import type { Published } from './recover-positions.js';
import type { LogState } from './state-file.js';

export interface ContainerLogsOptions extends Pick<FollowContainerOptions, 'linesPerSecond' | 'onLines'> {
  docker: Pick<DockerWatch, 'all' | 'logs' | 'lastLog' | 'state'>;
  outlet: LogOutlet;
  host: string;
  includes(container: ContainerFacts): boolean;
  /** Epoch ms. Lines of containers that ran before are followed from here on, unless something is known of them. */
  startedMs: number;
  clock: Clock;
  logger: Logger;
}

export interface ContainerLogs {
  /** What an earlier run left, and what the bus has of it. Nothing is followed before. */
  begin(state: LogState | null, published: Published): void;
  /** All containers are known now. */
  listed(): void;
  /** Follows whatever should be and is not. */
  sync(): void;
  tick(): void;
  /** For the state file; `null` when nothing changed since the last call, or nothing is known yet. */
  takeChanged(): LogState['containers'] | null;
  stop(): void;
}

interface Followed {
  facts: ContainerFacts;
  follow: ContainerFollow;
  position: LogPosition;
  active: boolean;
  /** It does not run, and all its lines were read. */
  drained: boolean;
  retryAtMs: number;
  failures: number;
  warned: boolean;
}

const RUNS: readonly ContainerFacts['status'][] = ['running', 'paused', 'restarting'];
const RETRY_MS = 1000;
const LASTING_FAILURES = 3;
const LASTING_RETRY_MS = 30_000;
/** A container that came just before the state was written down may not have been seen then. */
const UNSEEN_MS = 5000;
const REMEMBERED_SERVICES = 1000;

export function createContainerLogs(options: ContainerLogsOptions): ContainerLogs {
  const { docker, clock, logger } = options;
  const followed = new Map<string, Followed>();
  /** Next number of services whose container is gone: one of the same name goes on with it. */
  const seqs = new Map<string, number>();
  let earlier: { state: LogState | null; published: Published } | null = null;
  let hasList = false;
  /** The first list has been gone through: who comes later came into being later. */
  let introduced = false;
  let changed = false;
  let stopped = false;
  let cancelSync: Cancel | null = null;

  function startOf({ id, name, status }: ContainerFacts): { position: LogPosition; drained: boolean } {
    const { state = null, published } = earlier ?? {};
    const known = state?.containers[id]?.position;
    const fresh = { since: sinceOfUnknown(state), streams: {}, seq: seqs.get(name) ?? 0 };
    const shown = introduced ? undefined : published?.get(name);
    const position = shown === undefined ? (known ?? fresh) : furthest(known ?? fresh, shown);
    // Without anything to go by, what a container said before it ended is history.
    return { position, drained: state === null && !introduced && !RUNS.includes(status) };
  }

  function sinceOfUnknown(state: LogState | null): string | null {
    if (introduced) return null;
    return engineTimeOf(state === null ? options.startedMs : state.savedMs - UNSEEN_MS);
  }

  function introduce(facts: ContainerFacts): Followed {
    const { position, drained } = startOf(facts);
    const follow = followContainer({
      ...options,
      start: position,
      facts: () => ({ name: entry.facts.name, runs: RUNS.includes(entry.facts.status) }),
      read: (since) => docker.logs(facts.id, since),
      readLast: (since) => docker.lastLog(facts.id, since),
      onPosition(reached) {
        entry.position = reached;
        entry.failures = 0;
        changed = true;
      },
    });
    const entry: Followed = {
      facts,
      follow,
      position,
      active: false,
      drained,
      retryAtMs: 0,
      failures: 0,
      warned: false,
    };
    followed.set(facts.id, entry);
    changed = true;
    return entry;
  }

  function forget(id: string, { facts, follow, position }: Followed): void {
    follow.stop();
    followed.delete(id);
    seqs.delete(facts.name);
    seqs.set(facts.name, position.seq);
    if (seqs.size > REMEMBERED_SERVICES) for (const oldest of seqs.keys()) return void seqs.delete(oldest);
  }

  async function run(entry: Followed): Promise<void> {
    entry.active = true;
    try {
      await entry.follow.run();
      entry.drained = !RUNS.includes(entry.facts.status);
      entry.failures = 0;
      entry.warned = false;
    } catch (error) {
      if (!stopped) failed(entry, error);
    }
    entry.active = false;
    // It may have been started again in the last moment, or its stream was cut while the engine is there.
    if (!stopped && !entry.drained && docker.state.status === 'up') syncSoon();
  }

  /**
   * An engine that is gone fails everything, and tells of itself; one that starts or stops refuses for a moment. Only
   * who goes on failing is told, and then asked rarely.
   */
  function failed(entry: Followed, error: unknown): void {
    entry.failures += 1;
    const isLasting = entry.failures >= LASTING_FAILURES;
    entry.retryAtMs = clock.monotonicMs() + (isLasting ? LASTING_RETRY_MS : 0);
    const isGone = error instanceof Error && 'statusCode' in error && error.statusCode === 404;
    if (!isLasting || isGone || entry.warned || docker.state.status === 'down') return;
    entry.warned = true;
    logger.warn({ container: entry.facts.name, err: error }, 'the log of a container cannot be read');
  }

  function syncSoon(): void {
    cancelSync ??= clock.after(RETRY_MS, () => {
      cancelSync = null;
      sync();
    });
  }

  function sync(): void {
    if (stopped || earlier === null || !hasList) return;
    const wanted = docker.all().filter(options.includes);
    const ids = new Set(wanted.map(({ id }) => id));
    for (const [id, entry] of followed) if (!ids.has(id)) forget(id, entry);
    for (const facts of wanted) {
      const entry = followed.get(facts.id) ?? introduce(facts);
      if (entry.facts.status !== facts.status) entry.retryAtMs = 0;
      entry.facts = facts;
      if (RUNS.includes(facts.status)) entry.drained = false;
      // One that never ran has no log, and an engine may lose its way in one that begins just then.
      const hasLog = !entry.drained && facts.status !== 'created';
      const isDue = hasLog && !entry.active && clock.monotonicMs() >= entry.retryAtMs;
      if (isDue) void run(entry);
    }
    introduced = true;
  }

  return {
    begin(state, published) {
      earlier = { state, published };
      sync();
    },
    listed() {
      hasList = true;
      for (const entry of followed.values()) entry.retryAtMs = 0;
      sync();
    },
    sync,
    tick() {
      for (const { follow } of followed.values()) follow.tick();
    },
    takeChanged() {
      if (!introduced || !changed) return null;
      changed = false;
      const entries = [...followed].map(([id, { facts, position }]) => [id, { name: facts.name, position }]);
      return Object.fromEntries(entries);
    },
    stop() {
      stopped = true;
      cancelSync?.();
      for (const { follow } of followed.values()) follow.stop();
    },
  };
}
