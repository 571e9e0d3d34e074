/** Composition of the recorder: channels of the bus → store, roll-ups and retention beside. */
import {
  type Bus,
  type Clock,
  createLifecycle,
  type createMetrics,
  type Health,
  type Logger,
  type Stoppable,
  systemClock,
} from '@pulsewire/runtime';
import { CHANNELS } from '@pulsewire/shared-schema';
import { type Database, oldestKeptMs } from '@pulsewire/store';
import { createChannelRecorder } from './channel-recorder.js';
import { runHousekeeping } from './housekeeping.js';
import { createReachWatch } from './reach-watch.js';
import { createRecorderMetrics } from './recorder-metrics.js';
import { createRest } from './rest.js';
import { createSessionKeeper } from './session-keeper.js';
import type { RecorderSettings } from './settings.js';

export interface RecorderOptions {
  bus: Bus;
  /** The log of the bus began with this process, and ends with it. Default false. */
  ownLog?: boolean;
  /** The caller owns it, and ends it after the recorder. */
  database: Database;
  settings: RecorderSettings;
  logger: Logger;
  metrics: ReturnType<typeof createMetrics>;
  health: Health;
  clock?: Clock;
}

/** What the issue of the logs asks for. */
const LOG_DAYS = 3;
/** Clocks of other machines may be ahead. */
const MAX_AHEAD_MS = 86_400_000;
const RECORDED = [CHANNELS.metrics, CHANNELS.logs] as const;

/** Resolves at once, whatever the state of bus and database: it records as soon as both are there. */
export async function startRecorder(options: RecorderOptions): Promise<Stoppable> {
  const { bus, ownLog = false, database, settings, health } = options;
  const clock = options.clock ?? systemClock;
  const logger = options.logger.child({ component: 'recorder' });
  const rest = createRest(clock);
  const keeper = createSessionKeeper({ database, logger, rest });
  const metrics = createRecorderMetrics(options.metrics, {
    reachLeftS: () => (reach.reachMs === null ? -1 : reach.reachMs / 1000),
    recording: () => keeper.role === 'recording',
    databaseUp: () => database.state.status === 'up',
  });
  const bounds = () => ({
    oldestSampleMs: oldestKeptMs(clock.nowMs(), settings.retentionRawDays),
    oldestLogMs: oldestKeptMs(clock.nowMs(), LOG_DAYS),
    newestMs: clock.nowMs() + MAX_AHEAD_MS,
  });
  const recorders = RECORDED.map((channel) =>
    createChannelRecorder({ channel, bus, ownLog, keeper, clock, logger, metrics, rest, bounds }),
  );
  const reach = createReachWatch({ bus, database, recorders, logger, rest });
  health.register('database', () => database.state);
  health.describe('role', () => keeper.role);
  health.describe('reach_left_s', () =>
    reach.reachMs === null ? 'unknown' : Math.round(reach.reachMs / 1000),
  );
  health.describe('failure', () => recorders.find(({ failure }) => failure !== null)?.failure ?? 'none');
  for (const recorder of recorders)
    health.describe(`recorded_${recorder.channel}`, () => recorder.position ?? 'nothing');

  const retention = {
    rawDays: settings.retentionRawDays,
    minutesDays: settings.retention1mDays,
    quartersDays: settings.retention15mDays,
    logDays: LOG_DAYS,
  };
  const caughtUp = () => recorders.every(({ live }) => live);
  const running = Promise.all([
    ...recorders.map((recorder) => recorder.run()),
    runHousekeeping({ keeper, retention, clock, logger, rest, caughtUp }),
    reach.run(),
  ]);
  const lifecycle = createLifecycle();
  lifecycle.own(keeper);
  lifecycle.add(async () => {
    rest.stop();
    for (const recorder of recorders) recorder.wake();
    await running;
  });
  return lifecycle;
}
