/**
 * The engine on `uWebSockets.js`. It brings its own HTTP server, so it listens itself, and answers health, metrics
 * and refusals on the same port through the same decisions. The members of a lane subscribe to a *topic* of the
 * library, or to several (see `uws-audience.ts`): one call sends a packet to all of them, in the order of what else
 * they are sent.
 */
import {
  atEndOfTurn,
  delay,
  type Health,
  type Logger,
  pathOf,
  RuntimeError,
  type Stoppable,
  systemClock,
} from '@pulsewire/runtime';
import { STREAM_PATH, STREAM_PATH_ALIAS } from '@pulsewire/shared-schema';
import type { Registry } from 'prom-client';
import {
  type ConnectionHandler,
  type Engine,
  type EngineHandler,
  type EngineHost,
  TOO_BIG,
} from './engine.js';
import type { Admission } from './handshake.js';
import { answerPlain, answerRefusal, answerTooLarge, answerWrongMethod, isRead } from './plain-answer.js';
import { createRounds } from './uws-audience.js';
import { UwsConnection } from './uws-connection.js';
import { requestOf, sendAnswer, sendLater } from './uws-http.js';
import type { UwsApp, UwsBehavior, UwsModule, UwsRequest, UwsResponse, UwsSocket } from './uws-module.js';

export interface UwsHostOptions {
  uws: UwsModule;
  host: string;
  /** 0 takes any free port. */
  port: number;
  logger: Logger;
  health: Health;
  metrics: Registry;
}

export interface UwsHost extends EngineHost, Stoppable {
  /** Starts listening. Rejects with `address_in_use` when that fails. */
  listen(): Promise<{ host: string; port: number }>;
}

interface UwsClient {
  admission: Admission;
  connection: UwsConnection;
  handler: ConnectionHandler;
}

/** Above this the library cuts the connection off without a close code; below, ours is said. */
const MAX_PAYLOAD_BYTES = 1024 * 1024;
/** The code of a connection that ended without a close frame. */
const NO_GOODBYE = 1006;
/** The longest that the library takes: who is silent is judged by the gateway, and may be reading all the while. */
const IDLE_TIMEOUT_S = 960;
/**
 * How long peers may take to receive the last goodbye. The library does not tell when they have, and when a socket is
 * gone to which a peer still sends something, its machine throws away what it has not delivered yet.
 */
const GOODBYE_MS = 2000;
const PATHS: readonly string[] = [STREAM_PATH, STREAM_PATH_ALIAS];

export function createUwsHost(options: UwsHostOptions): UwsHost {
  const { uws, host, port } = options;
  const app = uws.App();
  let closed = false;

  function close(): void {
    if (!closed) app.close();
    closed = true;
  }

  return {
    createEngine: (handler) => createUwsEngine(app, handler, options, close),
    listen: () =>
      new Promise((resolve, reject) => {
        app.listen(host, port, uws.LIBUS_LISTEN_EXCLUSIVE_PORT, (socket) => {
          if (socket !== false) return resolve({ host, port: uws.us_socket_local_port(socket) });
          const message = `${host}:${port} is in use or no address of this machine; set PORT or HOST`;
          return reject(new RuntimeError('address_in_use', message));
        });
      }),
    stop: async () => close(),
  };
}

function createUwsEngine(
  app: UwsApp,
  handler: EngineHandler,
  options: UwsHostOptions,
  close: () => void,
): Engine {
  const clients = new Set<UwsClient>();
  let goodbyeMs = Number.NEGATIVE_INFINITY;
  const answerHere = (response: UwsResponse, request: UwsRequest) =>
    answer(handler, options, response, request);
  const onGoodbye = () => {
    goodbyeMs = systemClock.monotonicMs();
  };
  const rounds = createRounds({
    publish: (topic, payload) => app.publish(topic, payload, false, false),
    defer: atEndOfTurn,
  });
  app.ws('/*', behaviorOf(handler, clients, answerHere, onGoodbye));
  app.any('/*', answerHere);
  return {
    createAudience: rounds.createAudience,
    whenIdle: rounds.whenIdle,
    async stop() {
      rounds.stop();
      for (const { connection } of clients) connection.terminate();
      await delay(systemClock, Math.max(0, goodbyeMs + GOODBYE_MS - systemClock.monotonicMs()));
      close();
    },
  };
}

function behaviorOf(
  handler: EngineHandler,
  clients: Set<UwsClient>,
  answerWithoutUpgrade: (response: UwsResponse, request: UwsRequest) => void,
  onGoodbye: () => void,
): UwsBehavior {
  return {
    maxPayloadLength: MAX_PAYLOAD_BYTES,
    maxBackpressure: 0,
    idleTimeout: IDLE_TIMEOUT_S,
    sendPingsAutomatically: false,
    upgrade(response, request, context) {
      const asked = requestOf(request, response);
      if (!asked.isUpgrade) return answerWithoutUpgrade(response, request);
      const decision = handler.decide(asked);
      if (!decision.accept) return sendAnswer(response, answerRefusal(decision.refusal), asked.method);
      const { admission } = decision;
      const key = request.getHeader('sec-websocket-key');
      return response.upgrade({ admission }, key, admission.protocol ?? '', '', context);
    },
    open(socket) {
      const client = clientOf(socket);
      client.connection = new UwsConnection(socket);
      clients.add(client);
      client.handler = handler.open(client.connection, client.admission);
    },
    message(socket, message, isBinary) {
      const { connection, handler: heard } = clientOf(socket);
      if (message.byteLength > TOO_BIG.bytes) connection.close(TOO_BIG.code, TOO_BIG.reason);
      else heard.onMessage(Buffer.from(message), isBinary);
    },
    pong: (socket, message) => clientOf(socket).handler.onPong(Buffer.from(message).toString('latin1')),
    ping: (socket) => clientOf(socket).connection.pinged(),
    drain: (socket) => clientOf(socket).connection.drained(),
    close(socket, code) {
      const client = clientOf(socket);
      // Not when the peer said goodbye: it is not open from the moment at which we did.
      if (!client.connection.isOpen && code !== NO_GOODBYE) onGoodbye();
      client.connection.forget();
      clients.delete(client);
      // Called from within our own `close`, too; whoever called that is not to be called back at once.
      queueMicrotask(() => client.handler.onClose(code));
    },
  };
}

/** Anything that is no well-formed handshake: the stream's refusals, and the process's own routes. */
function answer(
  handler: EngineHandler,
  options: UwsHostOptions,
  response: UwsResponse,
  request: UwsRequest,
): void {
  const asked = requestOf(request, response);
  const { method } = asked;
  const path = pathOf({ url: asked.target });
  const tooLarge = asked.isUpgrade ? null : answerTooLarge(asked.header('content-length'));
  if (tooLarge !== null) {
    sendAnswer(response, tooLarge, method);
    return;
  }
  if (asked.isUpgrade || (PATHS.includes(path) && isRead(method))) {
    const decision = handler.decide(asked);
    if (!decision.accept) sendAnswer(response, answerRefusal(decision.refusal), method);
    return;
  }
  if (PATHS.includes(path)) sendAnswer(response, answerWrongMethod(), method);
  else sendLater(response, answerPlain(method, path, options), method);
}

function clientOf(socket: UwsSocket): UwsClient {
  return socket.getUserData() as UwsClient;
}
