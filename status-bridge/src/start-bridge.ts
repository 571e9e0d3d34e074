/** Composition of the bridge: database → status and log → HTTP and Socket.IO on one port. */
import type { AddressInfo, Socket } from 'node:net';
import {
  type ApiKey,
  type Clock,
  createLifecycle,
  delay,
  explainListenFailure,
  type Health,
  type Logger,
  type Stoppable,
  systemClock,
} from '@pulsewire/runtime';
import { BRIDGE_LIMITS } from '@pulsewire/shared-schema';
import { type Database, queryContainers, queryLatest, queryLogTail } from '@pulsewire/store';
import type { Registry } from 'prom-client';
import { refusalOf } from './ask-outcome.js';
import { limitBacklogs } from './backlog-limit.js';
import { createBridgeMetrics } from './bridge-metrics.js';
import { limitConnections } from './connection-limit.js';
import { createGate } from './gate.js';
import { createHttpServer } from './http-server.js';
import { createLogTail } from './log-tail.js';
import type { BridgeSettings } from './settings.js';
import { createSocketServer } from './socket-server.js';
import { deriveStatus } from './status-body.js';
import { createStatusKeeper } from './status-keeper.js';
import { deriveStreamedLines } from './streamed-lines.js';

export interface BridgeOptions {
  /** The caller owns it, and ends it after the bridge. */
  database: Database;
  settings: BridgeSettings;
  keys: readonly ApiKey[];
  host: string;
  /** 0 takes any free port. */
  port: number;
  logger: Logger;
  metrics: Registry;
  health: Health;
  clock?: Clock;
}

export interface Bridge extends Stoppable {
  readonly address: { host: string; port: number };
}

const GOODBYE_MS = 500;

/** Resolves when it listens, whatever the state of the database. Rejects with `address_in_use` or `address_unusable`. */
export async function startBridge(options: BridgeOptions): Promise<Bridge> {
  const { database, settings, health, clock = systemClock } = options;
  const logger = options.logger.child({ component: 'status-bridge' });
  const lifecycle = createLifecycle();
  const metrics = createBridgeMetrics(options.metrics, {
    clients: () => sockets.clients,
    reachable: () => status.host === 'reachable',
  });
  const gate = createGate({
    keys: options.keys,
    allowedOrigins: settings.allowedOrigins,
    clock,
    onRefused: (code) => metrics.refused(code),
  });
  const status = createStatusKeeper({
    clock,
    logger,
    async read() {
      const [latest, containers] = await Promise.all([
        queryLatest(database, { source: 'host' }),
        queryContainers(database),
      ]);
      return deriveStatus({ latest, containers }, clock.nowMs());
    },
    refusalOf: (error) => refusalOf(error, database.state.cause),
    onAnswer: (outcome) => metrics.asked(outcome),
    announce: (announcement) => sockets.announce(announcement),
  });
  const app = await createHttpServer({
    gate,
    status,
    health,
    metrics: options.metrics,
    allowedOrigins: settings.allowedOrigins,
    proxyHops: settings.proxyHops,
    onError: (error, path) => logger.error({ err: error, path }, 'request failed'),
  });
  if (settings.proxyHops === 0)
    limitConnections({
      server: app.server,
      maxOfAddress: BRIDGE_LIMITS.connectionsOfAddress,
      onCutOff: (reason) => metrics.cutOff(reason),
    });
  const sockets = createSocketServer({
    server: app.server,
    gate,
    clock,
    allowedOrigins: settings.allowedOrigins,
    proxyHops: settings.proxyHops,
    maxClients: settings.maxClients,
    current: () => status.current(),
    onLogListener: () => tail.wake(),
    onCutOff: (reason) => metrics.cutOff(reason),
  });
  const tail = createLogTail({
    clock,
    read: (request) => queryLogTail(database, request),
    hasListeners: () => sockets.hasLogListeners,
    onNew(found) {
      metrics.logLines(found.lines.length, found.skipped);
      sockets.sendLogLines(deriveStreamedLines(found));
    },
  });
  // Not critical: without its database the bridge still has to say so, and must not be taken out of service.
  health.register('database', () => database.state, { critical: false });
  health.describe('host', () => status.host);
  health.describe('clients', () => sockets.clients);

  const open = trackSockets(app.server);
  lifecycle.add(async () => {
    sockets.close();
    const closed = app.close();
    await Promise.race([closed, delay(systemClock, GOODBYE_MS)]);
    for (const socket of open) socket.destroy();
    await closed;
  });
  lifecycle.add(limitBacklogs({ sockets: open, clock, onCutOff: (reason) => metrics.cutOff(reason) }));
  lifecycle.own(tail);
  lifecycle.own(status);
  lifecycle.add(
    clock.every(BRIDGE_LIMITS.updateMs, () => {
      if (sockets.clients > 0) void status.current().then((answer) => sockets.sendStatus(answer));
    }),
  );
  try {
    await app.listen({ host: options.host, port: options.port });
  } catch (error) {
    await lifecycle.stop();
    throw explainListenFailure(error, options);
  }
  const { port } = app.server.address() as AddressInfo;
  return { address: { host: options.host, port }, stop: () => lifecycle.stop() };
}

/** Upgraded connections are not the HTTP server's any more, and yet its end waits for them. */
function trackSockets(server: { on(event: 'connection', listener: (socket: Socket) => void): unknown }) {
  const open = new Set<Socket>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  return open;
}
