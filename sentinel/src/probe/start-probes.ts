/** One watch per database of `PROBE_DATABASES`; kinds that are not named load nothing. */
import { type Clock, createLifecycle, type Health, type Logger, type Stoppable } from '@pulsewire/runtime';
import type { DatabaseStatus } from '@pulsewire/shared-schema';
import type { OpenDatabase } from './database-probe.js';
import { openMongo } from './mongo-probe.js';
import { openPostgres } from './postgres-probe.js';
import type { DatabaseKind, ProbeTarget } from './probe-target.js';
import { openRedis } from './redis-probe.js';
import { watchDatabase } from './watch-database.js';

export interface StartProbesOptions {
  targets: readonly ProbeTarget[];
  host: string;
  clock: Clock;
  logger: Logger;
  health: Health;
  onStatus(status: DatabaseStatus): void;
}

const OPEN: Record<DatabaseKind, OpenDatabase> = {
  postgresql: openPostgres,
  mongodb: openMongo,
  redis: openRedis,
};

export function startProbes(options: StartProbesOptions): Stoppable {
  const { targets, host, clock, logger, health, onStatus } = options;
  const lifecycle = createLifecycle();
  const watches = targets.map((target) =>
    lifecycle.own(watchDatabase({ target, open: OPEN[target.kind], host, clock, logger, onStatus })),
  );
  if (targets.length > 0) {
    health.describe('databases', () => targets.length);
    health.describe('databases_up', () => watches.filter(({ isUp }) => isUp).length);
  }
  return lifecycle;
}
