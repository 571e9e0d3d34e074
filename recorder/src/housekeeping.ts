/** What is done now and then in the session that records: roll-ups, partitions ahead, retention. */
import type { Clock, Logger } from '@pulsewire/runtime';
import {
  applyRetention,
  type ExclusiveSession,
  prepareDays,
  type Retention,
  rollUp,
  touchSeries,
} from '@pulsewire/store';
import type { Rest } from './rest.js';
import type { SessionKeeper } from './session-keeper.js';

export interface HousekeepingOptions {
  keeper: SessionKeeper;
  retention: Retention;
  clock: Clock;
  logger: Logger;
  rest: Rest;
  /** While the past is still being recorded, a roll-up would only have to be corrected. */
  caughtUp(): boolean;
}

const ROLL_UP_MS = 60_000;
const RETENTION_MS = 3_600_000;
/** Samples that take longer than this from the machine to here are merged as late ones. */
const SETTLED_AFTER_MS = 10_000;

/** Runs until the rest is over. A failure is told, and the work is done the next time. */
export async function runHousekeeping(options: HousekeepingOptions): Promise<void> {
  const { keeper, clock, logger, rest } = options;
  let retainedAtMs = Number.NEGATIVE_INFINITY;
  while (!rest.over) {
    const held = await keeper.session();
    if (held === null) return;
    try {
      await keepHistory(held.session, options);
      if (clock.monotonicMs() - retainedAtMs >= RETENTION_MS) {
        await prepareDays(held.session, clock.nowMs());
        await applyRetention(held.session, options.retention, clock.nowMs());
        retainedAtMs = clock.monotonicMs();
      }
    } catch (error) {
      logger.warn({ err: error }, 'housekeeping was interrupted; it goes on in a minute');
    }
    await rest.sleep(ROLL_UP_MS);
  }
}

async function keepHistory(
  session: ExclusiveSession,
  { caughtUp, clock }: HousekeepingOptions,
): Promise<void> {
  if (!caughtUp()) return;
  await rollUp(session, { untilMs: clock.nowMs() - SETTLED_AFTER_MS });
  await touchSeries(session);
}
