/** Composition of the API: bus → newest messages, database → history, both → HTTP. */
import {
  type ApiKey,
  type Bus,
  type Clock,
  createLifecycle,
  type createMetrics,
  type Health,
  type Logger,
  type RequestHandler,
  type Stoppable,
  systemClock,
} from '@pulsewire/runtime';
import type { Database } from '@pulsewire/store';
import { createApiMetrics } from './api-metrics.js';
import { followNewest } from './follow-newest.js';
import { createNewest } from './newest.js';
import { createRestServer } from './rest-server.js';
import { ROUTES } from './routes.js';
import type { ApiSettings } from './settings.js';

export interface ApiOptions {
  bus: Bus;
  /** The caller owns it, and ends it after the API. */
  database: Database;
  settings: ApiSettings;
  /** Those that hold now. */
  keys(): readonly ApiKey[];
  logger: Logger;
  metrics: ReturnType<typeof createMetrics>;
  health: Health;
  clock?: Clock;
}

export interface Api extends Stoppable {
  /** Answers whatever is asked below `/api/`; the caller has the port, and the paths that the stream answers. */
  handle: RequestHandler;
}

/** Resolves whatever the state of bus and database: what they cannot answer is told as an outage. */
export async function startApi(options: ApiOptions): Promise<Api> {
  const { bus, database, settings, keys, health, clock = systemClock } = options;
  const logger = options.logger.child({ component: 'api' });
  const lifecycle = createLifecycle();
  const newest = createNewest();
  const server = lifecycle.own(
    await createRestServer({
      routes: ROUTES,
      context: { database, newest, clock },
      keys,
      allowedOrigins: settings.allowedOrigins,
      trustedProxies: settings.trustedProxies,
      clock,
      logger,
      metrics: createApiMetrics(options.metrics, { databaseUp: () => database.state.status === 'up' }),
    }),
  );
  lifecycle.own(followNewest({ bus, newest, clock }));
  health.register('database', () => database.state);
  return { handle: server.handle, stop: () => lifecycle.stop() };
}
