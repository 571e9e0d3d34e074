/**
 * Lines of containers and of the sentinel itself, on their way to the bus: which containers are followed, from where,
 * and what is written down of how far they were read. Decisions are in the other files of this folder.
 */
import type { Bus, Cancel, Clock, Logger, Stoppable } from '@pulsewire/runtime';
import type { DockerWatch } from '../docker/watch-docker.js';
import type { SentinelSettings } from '../settings.js';
import { createContainerLogs } from './container-logs.js';
import { createLogOutlet } from './log-outlet.js';
import { readOwnContainerId } from './own-container.js';
import type { OwnLog } from './own-log.js';
import { type Published, recoverPublished } from './recover-positions.js';
import { type LogState, openStateFile, type StateFile } from './state-file.js';

export interface StartLogsOptions {
  bus: Bus;
  docker: Pick<DockerWatch, 'all' | 'logs' | 'lastLog' | 'state'>;
  ownLog: OwnLog;
  settings: Pick<SentinelSettings, 'hostName' | 'logContainers' | 'logLinesPerSecond'>;
  clock: Clock;
  logger: Logger;
  onLines(counts: { lines: number; skipped: number; bytes: number }): void;
}

export interface PreparedLogs {
  /** `null`: nothing is kept over restarts. */
  file: StateFile | null;
  state: LogState | null;
  /** The container that the sentinel runs in. */
  ownId: string | null;
}

export interface Logs extends Stoppable {
  /** Something about a container changed. */
  onChanged(): void;
  /** All containers are known. */
  onListed(): void;
}

const TICK_MS = 1000;
const RETRY_MS = 1000;
/** Within the process's own deadline. */
const CLOSING_MS = 2000;

/** Reads what an earlier run left. Rejects with `state_dir_unusable`. */
export async function prepareLogs({ stateDir }: Pick<SentinelSettings, 'stateDir'>): Promise<PreparedLogs> {
  const file = stateDir === undefined ? null : await openStateFile(stateDir);
  return { file, state: (await file?.load()) ?? null, ownId: await readOwnContainerId() };
}

/** Starts at once, so that no word of the engine is missed. */
export function startLogs({ file, state, ownId }: PreparedLogs, options: StartLogsOptions): Logs {
  const { bus, docker, ownLog, settings, clock, logger } = options;
  if (!settings.logContainers.enabled) return OFF;
  const startedMs = clock.nowMs();
  const outlet = createLogOutlet(bus, clock);
  const containers = createContainerLogs({
    docker,
    outlet,
    host: settings.hostName,
    includes: ({ id, name }) => id !== ownId && settings.logContainers.includes(name),
    linesPerSecond: settings.logLinesPerSecond,
    startedMs,
    clock,
    logger,
    onLines: options.onLines,
  });
  let ownOut = false;
  let saving: Promise<void> = Promise.resolve();
  let saveFails = false;
  let stopped = false;
  let cancelRetry: Cancel = () => {};

  async function publishOwn(): Promise<void> {
    if (ownOut || bus.state.status === 'down') return;
    ownOut = true;
    await outlet.publish(ownLog.take(settings.hostName));
    ownOut = false;
  }

  /** What is taken while this is being written is in the next one. */
  async function save(): Promise<void> {
    const positions = containers.takeChanged();
    if (file === null || positions === null) return;
    const nowMs = clock.nowMs();
    const publishedSinceMs = outlet.outSinceMs ?? nowMs;
    try {
      await file.save({ savedMs: nowMs, publishedSinceMs, containers: positions });
      saveFails = false;
    } catch (error) {
      if (!saveFails) logger.warn({ err: error }, 'how far the logs were read cannot be written down');
      saveFails = true;
    }
  }

  /** Until it is known what the bus has, nothing is followed: the engine keeps the lines meanwhile. */
  async function begin(): Promise<void> {
    if (stopped) return;
    try {
      containers.begin(state, await readPublished(state));
    } catch (error) {
      if (bus.state.status === 'up')
        logger.warn({ err: error }, 'the log of the bus could not be read; tried again');
      cancelRetry = clock.after(RETRY_MS, () => void begin());
    }
  }

  async function readPublished(known: LogState | null): Promise<Published> {
    return known === null ? new Map() : recoverPublished(bus, settings.hostName, known.publishedSinceMs);
  }

  const cancelTick = clock.every(TICK_MS, () => {
    containers.tick();
    void publishOwn();
    saving = saving.then(save);
  });
  void begin();
  return {
    onChanged: containers.sync,
    onListed: containers.listed,
    async stop() {
      stopped = true;
      cancelTick();
      cancelRetry();
      containers.stop();
      void publishOwn();
      await outlet.close(CLOSING_MS);
      await saving;
      await save();
    },
  };
}

const OFF: Logs = { onChanged() {}, onListed() {}, async stop() {} };
