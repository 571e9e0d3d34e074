/** Everything that keeps history and answers from it: database, recorder, API. */
import { startApi } from '@pulsewire/api';
import { startRecorder } from '@pulsewire/recorder';
import { createLifecycle, type Health } from '@pulsewire/runtime';
import { type Database, openDatabase } from '@pulsewire/store';
import { openEmbeddedDatabase } from './embedded-database.js';
import type { HistoryOptions, RunningHistory } from './history.js';

const NAME = 'app';

export async function composeHistory(options: HistoryOptions): Promise<RunningHistory> {
  const { bus, ownLog, settings, keys, logger, metrics } = options;
  const lifecycle = createLifecycle();
  const health = besideTheLivePath(options.health);
  const database = lifecycle.own(openHistory(options));
  const room = { bus, database, settings, logger, metrics, health };
  lifecycle.own(await startRecorder({ ...room, ownLog }));
  const api = lifecycle.own(await startApi({ ...room, keys }));
  return { handle: api.handle, stop: () => lifecycle.stop() };
}

function openHistory({ settings, logger }: HistoryOptions): Database {
  if (settings.databaseUrl !== undefined)
    return openDatabase({ url: settings.databaseUrl, name: NAME, logger });
  return openEmbeddedDatabase({ dataDir: settings.dataDir, name: NAME, logger });
}

/** What is down here is told, and yet the process can serve. */
function besideTheLivePath(health: Health): Health {
  return { ...health, register: (name, read) => health.register(name, read, { critical: false }) };
}
