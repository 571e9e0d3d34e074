/** Composition of the gateway: bus → intake → lanes → clients, and the bus's state → everybody. */
import { hostname } from 'node:os';
import {
  type ApiKey,
  atEndOfTurn,
  type Bus,
  type Clock,
  createLifecycle,
  type Health,
  type HttpHost,
  type Logger,
  type Stoppable,
  systemClock,
} from '@pulsewire/runtime';
import { ASYNCAPI_PATH } from '@pulsewire/shared-schema/asyncapi';
import type { Registry } from 'prom-client';
import { createAsyncApiRoute } from './asyncapi-route.js';
import type { CatchUp } from './catch-up.js';
import { createClients } from './clients.js';
import type { EngineHost } from './engine.js';
import { requireEngineHost } from './engine-choice.js';
import { createFeedDelays } from './feed-delays.js';
import { createGatewayMetrics } from './gateway-metrics.js';
import { createPosition, startIntake } from './intake.js';
import { createLanes } from './lanes.js';
import { warnOfOpenFiles } from './open-files.js';
import { createOutageHerald } from './outage-herald.js';
import { createBottleneckPacer } from './pacer.js';
import { createRecentLog } from './recent-log.js';
import type { GatewaySettings } from './settings.js';
import type { SlowFeed } from './slow-feed.js';
import { createSnapshot } from './snapshot.js';
import { createTurns } from './turns.js';
import { gatewayVersion } from './version.js';
import { createWsEngine } from './ws-engine.js';

export interface GatewayOptions {
  bus: Bus;
  settings: GatewaySettings;
  keys: readonly ApiKey[];
  logger: Logger;
  metrics: Registry;
  health: Health;
  /**
   * The process's HTTP server, on which the gateway answers on its stream paths and takes all upgrades, or a
   * server with an engine of its own. The caller listens.
   */
  http: HttpHost | EngineHost;
  clock?: Clock;
  /** Tells this gateway from others on the same machine, in its alert; such as its port. */
  name?: string;
}

export interface Gateway extends Stoppable {
  readonly clientCount: number;
  /** Holds from now on. Clients of a key that is gone are closed with 4401. */
  replaceKeys(keys: readonly ApiKey[]): void;
}

/**
 * Resolves when clients can be served; while the bus is down that is at once, and they are told 503. Rejects with
 * a `ConfigError` when the engine that the settings demand is not the one of `http`.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { bus, settings, health, http, clock = systemClock } = options;
  requireEngineHost(settings.engine, http);
  const logger = options.logger.child({ component: 'ws-gateway' });
  warnOfOpenFiles(settings.maxClients, logger);
  const lifecycle = createLifecycle();
  const snapshot = createSnapshot();
  const recentLog = createRecentLog(clock);
  const position = createPosition();
  const catchUps = new Set<CatchUp>();
  const slowFeeds = new Set<SlowFeed>();
  let [live, primed] = [false, false];
  const metrics = createGatewayMetrics(options.metrics, {
    clients: () => clients.count,
    lanes: () => lanes.size(),
    snapshotEntries: snapshot.size,
    snapshotBytes: snapshot.bytes,
    recentMessages: recentLog.size,
    recentBytes: recentLog.bytes,
    slowClients: () => [...slowFeeds].filter((feed) => feed.thins()).length,
    unsentBytes: () => clients.unsentBytes(),
    heldBytes: () => [
      ...[...catchUps].map((catchUp) => catchUp.keptBytes()),
      ...[...slowFeeds].map((feed) => feed.waitingBytes()),
      ...lanes.waitingBytes(),
    ],
  });
  const host = hostname();
  const name = `${host}:${options.name ?? 'gateway'}`;
  const delays = createFeedDelays({ bus, clock, metrics, host, name });
  const lanes = createLanes({
    messagesPerSecond: settings.messagesPerSecond,
    clock,
    createPacer: createBottleneckPacer,
    createAudience: () => engine.createAudience?.() ?? null,
    defer: atEndOfTurn,
    onSent: (arrivals, packet, members) => metrics.sent(arrivals.length, packet.bytes, members),
    onWritten: delays.written,
    onThinned: (skipped, members) => metrics.conflated(skipped * members),
  });
  lifecycle.add(() => lanes.stop());
  const herald = createOutageHerald({
    bus,
    clock,
    lastMessageAtMs: () => position.lastMessageAtMs,
    // What this turn collected came before the change that is announced.
    announceOutage(payload) {
      lanes.flush();
      clients.announceOutage(payload);
    },
    announceRecovery(payload) {
      lanes.flush();
      clients.announceRecovery(payload);
    },
  });
  lifecycle.add(() => herald.stop());
  const clients = createClients({
    keys: options.keys,
    allowedOrigins: settings.allowedOrigins,
    trustedProxies: settings.trustedProxies,
    maxClients: settings.maxClients,
    clock,
    logger,
    metrics,
    whenIdle: (task) => (engine.whenIdle ?? runNow)(task),
    context: {
      clock,
      log: bus,
      recentLog,
      snapshot,
      lanes,
      catchUps,
      turns: createTurns(atEndOfTurn),
      slowFeeds,
      version: gatewayVersion(),
      messagesPerSecond: settings.messagesPerSecond,
      isLive: () => live,
      isPrimed: () => primed,
      lastSeq: () => position.lastSeq,
      outageWords: () => herald.greeting(),
      onSent: (packet) => metrics.sent(packet.payloads.length, packet.bytes, 1),
      onThinned: (skipped) => metrics.conflated(skipped),
    },
  });
  const engine =
    'createEngine' in http ? http.createEngine(clients) : createWsEngine({ http, handler: clients });
  if ('get' in http) http.get(ASYNCAPI_PATH, createAsyncApiRoute());
  const startedMs = clock.nowMs();
  health.register('bus', () => bus.state);
  health.register('gateway', () => {
    const { stoppingSinceMs } = clients;
    if (stoppingSinceMs === null) return { status: 'up', sinceMs: startedMs, cause: null };
    return { status: 'down', sinceMs: stoppingSinceMs, cause: 'shutting_down' };
  });
  health.describe('clients', () => clients.count);
  health.describe('max_clients', () => settings.maxClients);
  const intake = await startIntake({
    bus,
    clock,
    logger,
    metrics,
    snapshot,
    recentLog,
    position,
    onArrival(arrival, recovered) {
      if (recovered) herald.noteRecovered();
      delays.received(arrival, recovered);
      lanes.offer(arrival);
      for (const catchUp of catchUps) catchUp.offer(arrival);
      for (const slowFeed of slowFeeds) slowFeed.offer(arrival);
    },
    onLive() {
      live = true;
      clients.refresh();
    },
    onPrimed() {
      primed = true;
      const firingSinceMs = snapshot.firingSinceMs(delays.alertId);
      if (firingSinceMs !== null) delays.takeOver(firingSinceMs);
      clients.refresh();
    },
  });
  lifecycle.own(intake);
  lifecycle.own(engine);
  lifecycle.own(clients);
  lifecycle.own(delays);
  return {
    get clientCount() {
      return clients.count;
    },
    replaceKeys: (keys) => clients.replaceKeys(keys),
    stop: () => lifecycle.stop(),
  };
}

function runNow(task: () => void): void {
  task();
}
