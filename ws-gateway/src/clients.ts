/** The clients of a gateway: lets them in, hears them, keeps their hearts beating, and tells all of them things. */
import { randomUUID } from 'node:crypto';
import {
  type ApiKey,
  type Clock,
  createClientAddress,
  createFailedKeys,
  findApiKey,
  type Logger,
  type Stoppable,
} from '@pulsewire/runtime';
import { CLOSE_CODES, LIMITS } from '@pulsewire/shared-schema';
import { type ClientAction, createClientProtocol } from './client-protocol.js';
import { goodbyeAfterMs } from './drain.js';
import type { Connection, ConnectionHandler, EngineHandler } from './engine.js';
import { renderBadMessage, renderPong } from './feed-words.js';
import type { GatewayMetrics } from './gateway-metrics.js';
import { type Admission, decideHandshake, type HandshakeRequest } from './handshake.js';
import { judgeKeys } from './key-changes.js';
import { createLooks, type Looked, type LooksOptions } from './looks.js';
import { createPacket } from './packet.js';
import { FIRST_LOOK_MS } from './pressure.js';
import { createSession, type Session } from './session.js';
import type { SessionContext } from './session-context.js';

export interface Clients extends EngineHandler, Stoppable {
  readonly count: number;
  /** Epoch time at which they began to be sent away, or `null`. */
  readonly stoppingSinceMs: number | null;
  /** Bytes that were written to clients and that they are not known to have read. */
  unsentBytes(): { sum: number; largest: number };
  announceOutage(payload: Buffer): void;
  announceRecovery(payload: Buffer): void;
  refresh(): void;
  /** Holds from now on. Clients of a key that is gone are closed with 4401. */
  replaceKeys(keys: readonly ApiKey[]): void;
}

export interface ClientsOptions {
  keys: readonly ApiKey[];
  allowedOrigins: readonly string[];
  /** Addresses and networks whose `X-Forwarded-For` is believed. */
  trustedProxies: readonly string[];
  maxClients: number;
  clock: Clock;
  logger: Logger;
  metrics: GatewayMetrics;
  whenIdle: LooksOptions<Client>['whenIdle'];
  context: Omit<SessionContext, 'takeMark'>;
}

interface Client extends Looked {
  keyName: string;
  connection: Connection;
  session: Session;
  missedPongs: number;
  /** Monotonic time of its last pong. */
  heardMs: number;
  /** Monotonic time of its next ping. */
  pingAtMs: number;
}

const MAX_MISSED_PONGS = 2;
/** Multiples of it, without their whole part, fill the span from 0 to 1 evenly, however many there are. */
const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;
/** How long clients may take to answer the goodbye when the gateway stops. */
const GOODBYE_MS = 2000;

export function createClients(options: ClientsOptions): Clients {
  const { clock, logger, metrics, context } = options;
  const clients = new Set<Client>();
  const failedKeys = createFailedKeys();
  const addressOf = createClientAddress(options.trustedProxies);
  let { keys } = options;
  let stoppingSinceMs: number | null = null;
  let whenEmpty: (() => void) | null = null;
  let opened = 0;
  const looks = createLooks({
    clients,
    clock,
    takeLargestBytes: context.lanes.takeLargestBytes,
    whenIdle: options.whenIdle,
    // Behind the look, so that a ping that has just left is not taken for one that is not answered.
    onPassed(client, nowMs) {
      if (nowMs >= client.pingAtMs) ping(client, nowMs);
    },
  });
  const sessionContext: SessionContext = { ...context, takeMark: looks.takeMark };

  /** Counted anew, because a client whose closing has begun has given its place away already. */
  function count(): number {
    let open = 0;
    for (const { connection } of clients) if (connection.isOpen) open += 1;
    return open;
  }

  function decide(request: HandshakeRequest) {
    const nowMs = clock.monotonicMs();
    const address = addressOf(request);
    const decision = decideHandshake(request, {
      findKey: (offered) => findApiKey(keys, offered),
      allowedOrigins: options.allowedOrigins,
      blockedForMs: failedKeys.blockedForMs(address, nowMs),
      clients: clients.size < options.maxClients ? clients.size : count(),
      maxClients: options.maxClients,
      shuttingDown: stoppingSinceMs !== null,
    });
    if (decision.accept) metrics.handshakeAccepted();
    else metrics.handshakeRefused(decision.refusal.code);
    if (!decision.accept && decision.failedKey) failedKeys.record(address, nowMs);
    return decision;
  }

  function open(connection: Connection, admission: Admission): ConnectionHandler {
    const session = createSession(randomUUID(), connection, sessionContext);
    const { keyName } = admission;
    const pingAtMs = clock.monotonicMs() + firstPingAfterMs(opened);
    const client: Client = {
      keyName,
      connection,
      session,
      missedPongs: 0,
      heardMs: Number.NEGATIVE_INFINITY,
      pingAtMs,
      lookedMs: Number.NEGATIVE_INFINITY,
      lookAtMs: 0,
      restShare: 1 - spreadOf(opened) / 2,
    };
    opened += 1;
    const protocol = createClientProtocol(keys.find(({ name }) => name === keyName)?.topics);
    clients.add(client);
    logger.debug({ client: session.id, key: admission.keyName }, 'client connected');
    session.select(admission.selection, admission.after);
    let cancelLook = clock.after(FIRST_LOOK_MS, () => {
      session.checkPressure();
      cancelLook = clock.after(FIRST_LOOK_MS, session.checkPressure);
    });
    return {
      onMessage(frame, binary) {
        if (!connection.isOpen) return;
        for (const action of protocol.receive(frame, binary, clock.monotonicMs())) perform(client, action);
      },
      onPong(payload) {
        client.missedPongs = 0;
        client.heardMs = clock.monotonicMs();
        session.heard(payload);
      },
      onClose(code) {
        cancelLook();
        session.end();
        clients.delete(client);
        looks.forget(client);
        metrics.closed(code);
        logger.debug({ client: session.id, code }, 'client gone');
        if (clients.size === 0) whenEmpty?.();
      },
    };
  }

  function perform({ connection, session }: Client, action: ClientAction): void {
    switch (action.name) {
      case 'pong':
        session.say(renderPong(action.t, clock.nowMs()));
        break;
      case 'select':
        session.select(action.selection, action.after);
        break;
      case 'close':
        connection.close(action.code, action.reason);
        break;
      case 'reject': {
        metrics.clientError();
        const { message, field } = action;
        const named = field === undefined ? {} : { field };
        session.say(renderBadMessage({ nowMs: clock.nowMs(), message, ...named }));
      }
    }
  }

  function ping(client: Client, nowMs: number): void {
    // The pong of a mark says the same.
    const wasHeard = nowMs - client.heardMs <= LIMITS.heartbeatMs / 2;
    client.pingAtMs = nowMs + LIMITS.heartbeatMs / (wasHeard ? 2 : 1);
    if (wasHeard) return;
    // A ping stands behind what is unsent: whether such a client is alive is seen from what it takes.
    if (client.session.unsentBytes() > 0) client.missedPongs = 0;
    else if (client.missedPongs >= MAX_MISSED_PONGS) client.connection.terminate();
    else {
      client.missedPongs += 1;
      client.session.heartbeat();
    }
  }

  return {
    get count() {
      return clients.size < options.maxClients ? clients.size : count();
    },
    get stoppingSinceMs() {
      return stoppingSinceMs;
    },
    unsentBytes() {
      let [sum, largest] = [0, 0];
      for (const { session } of clients) {
        const unsentBytes = session.unsentBytes();
        sum += unsentBytes;
        if (unsentBytes > largest) largest = unsentBytes;
      }
      return { sum, largest };
    },
    decide,
    open,
    announceOutage(payload) {
      const packet = createPacket([payload]);
      for (const { session } of clients) session.announceOutage(packet);
    },
    announceRecovery(payload) {
      const packet = createPacket([payload]);
      for (const { session } of clients) session.announceRecovery(packet);
    },
    refresh() {
      for (const { session } of clients) session.refresh();
    },
    replaceKeys(next) {
      const fates = judgeKeys(keys, next);
      keys = next;
      for (const { keyName, connection } of clients) {
        const fate = fates.get(keyName);
        if (fate === 'revoked') connection.close(CLOSE_CODES.keyRevoked, 'the key was revoked');
        // It comes back at once, and is let in for what the key may read now.
        else if (fate === 'changed') connection.close(CLOSE_CODES.serviceRestart, 'the key was changed');
      }
    },
    async stop() {
      stoppingSinceMs = clock.nowMs();
      looks.stop();
      if (clients.size === 0) return;
      const empty = new Promise<void>((resolve) => {
        whenEmpty = resolve;
      });
      const { size } = clients;
      const cancels = [...clients].map(({ connection }, index) =>
        clock.after(goodbyeAfterMs(index, size), () =>
          connection.close(CLOSE_CODES.serviceRestart, 'service restart'),
        ),
      );
      const cutOff = () => {
        for (const { connection } of clients) connection.terminate();
      };
      cancels.push(clock.after(goodbyeAfterMs(size - 1, size) + GOODBYE_MS, cutOff));
      await empty;
      for (const cancel of cancels) cancel();
    },
  };
}

/** Clients that came together are not pinged together: ten thousand pings and pongs at once hold the feed up. */
function firstPingAfterMs(number: number): number {
  return LIMITS.heartbeatMs * (1 - spreadOf(number) / 2);
}

/** From 0 to 1. */
function spreadOf(number: number): number {
  return (number * GOLDEN_RATIO) % 1;
}
