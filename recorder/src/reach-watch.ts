/** Watches how much of the bus's log is left for what is not recorded, and tells it when the database goes down. */
import type { Bus, Logger } from '@pulsewire/runtime';
import type { Database } from '@pulsewire/store';
import type { ChannelRecorder } from './channel-recorder.js';
import { deriveReachMs } from './reach.js';
import type { Rest } from './rest.js';

export interface ReachWatch {
  /** Of the channel that has least; `null` when nothing is known. */
  readonly reachMs: number | null;
  /** Runs until the rest is over. */
  run(): Promise<void>;
}

export interface ReachWatchOptions {
  bus: Bus;
  database: Database;
  recorders: readonly ChannelRecorder[];
  logger: Logger;
  rest: Rest;
}

const PERIOD_MS = 5000;

export function createReachWatch({ bus, database, recorders, logger, rest }: ReachWatchOptions): ReachWatch {
  let reachMs: number | null = null;
  let told = false;

  async function measure(): Promise<void> {
    const reaches = await Promise.all(recorders.map((recorder) => measureOne(bus, recorder)));
    const known = reaches.filter((reach) => reach !== null);
    reachMs = known.length === 0 ? null : Math.min(...known);
  }

  function tell(): void {
    const isDown = database.state.status === 'down';
    if (isDown && !told && reachMs !== null)
      logger.warn(
        { reach_s: Math.round(reachMs / 1000) },
        'the database is down; what comes is kept in the log of the bus, which reaches at least this much further',
      );
    told = isDown && reachMs !== null;
  }

  return {
    get reachMs() {
      return reachMs;
    },
    async run() {
      while (!rest.over) {
        try {
          await measure();
        } catch {
          // The bus is down: nothing is published, so nothing is dropped.
        }
        tell();
        await rest.sleep(PERIOD_MS);
      }
    },
  };
}

async function measureOne(bus: Bus, { channel, position }: ChannelRecorder): Promise<number | null> {
  if (position === null) return null;
  const [oldest, here] = await Promise.all([
    bus.readLog(channel, { after: null, limit: 1 }),
    bus.readLog(channel, { after: position, limit: 1 }),
  ]);
  return deriveReachMs(position, oldest.entries[0]?.id ?? null, here.reachesBack);
}
