/** The HTTP side: `GET /api/status`, the widget, health and metrics, and errors in the shape of the contract. */
import cors from '@fastify/cors';
import type { Health } from '@pulsewire/runtime';
import { BRIDGE_PATHS, HOST_UNREACHABLE } from '@pulsewire/shared-schema';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Registry } from 'prom-client';
import { clientAddress } from './client-address.js';
import { type Gate, isRefusal, mayReadStatus } from './gate.js';
import { addErrors, answerUnreadable, sendError } from './http-errors.js';
import { type Refusal, refusalHeaders } from './refusal.js';
import type { StatusKeeper } from './status-keeper.js';
import { readWidgetFiles, widgetPolicy } from './widget-files.js';

export interface HttpServerOptions {
  gate: Gate;
  status: StatusKeeper;
  health: Health;
  metrics: Registry;
  allowedOrigins: readonly string[];
  proxyHops: number;
  onError(error: unknown, path: string): void;
}

/** A peer that sends its request slower than this holds a socket for nothing, and is cut off (milliseconds). */
const PATIENCE = { headersTimeout: 10_000, connectionsCheckingInterval: 2000 };
const REQUEST_TIMEOUT_MS = 15_000;
/** The same of a peer that takes nothing of its answer. Longer than long polling waits, which is 25 s. */
const READ_TIMEOUT_MS = 40_000;
const MAX_CONNECTIONS = 5000;
const PREFLIGHT_MAX_AGE_S = 600;
/** Whoever watches over the process asks these, as often as he likes. */
const ALWAYS_ANSWERED = ['/healthz', '/readyz'];

/** Not listening yet. */
export async function createHttpServer(options: HttpServerOptions): Promise<FastifyInstance> {
  const app = fastify({
    logger: false,
    http: PATIENCE,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: READ_TIMEOUT_MS,
    forceCloseConnections: true,
    return503OnClosing: false,
    clientErrorHandler: (_error, socket) => answerUnreadable(socket),
    frameworkErrors: (_error, _request, reply) =>
      sendError(reply as FastifyReply, 400, 'bad_request', 'the address cannot be read'),
  });
  app.server.maxConnections = MAX_CONNECTIONS;
  addErrors(app, options.onError);
  const { gate } = options;
  // Before CORS, which would answer the preflight of any page.
  app.addHook('onRequest', async (request, reply) => {
    void reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    const refused = gate.admitOrigin(request.headers.origin, request.headers.host);
    if (refused !== null) await refuse(reply, refused);
  });
  await app.register(cors, {
    origin: [...options.allowedOrigins],
    methods: ['GET', 'HEAD'],
    allowedHeaders: ['X-API-KEY'],
    exposedHeaders: ['Retry-After'],
    maxAge: PREFLIGHT_MAX_AGE_S,
    strictPreflight: false,
  });
  // After CORS: a page that may ask must be able to read why it was refused.
  app.addHook('onRequest', async (request, reply) => {
    if (ALWAYS_ANSWERED.includes(request.url)) return;
    const refused = gate.admitAddress(addressOf(request));
    if (refused !== null) await refuse(reply, refused);
  });
  addHealth(app, options);
  addWidget(app, options.allowedOrigins);
  app.get(BRIDGE_PATHS.status, async (request, reply) => {
    const key = gate.admitKey(addressOf(request), request.headers['x-api-key']);
    if (isRefusal(key)) return refuse(reply, key);
    if (!mayReadStatus(key)) return refuse(reply, gate.refuse('forbidden'));
    const answer = await options.status.current();
    if (answer.kind === 'refused') return refuse(reply, gate.refuse(answer.code, null, answer.message));
    return reply.code(answer.kind === 'status' ? 200 : HOST_UNREACHABLE.status).send(answer.body);
  });
  return app;

  function addressOf({ raw, headers }: FastifyRequest): string {
    return clientAddress(raw.socket.remoteAddress, headers['x-forwarded-for'], options.proxyHops);
  }
}

function refuse(reply: FastifyReply, refused: Refusal): FastifyReply {
  return sendError(reply.headers(refusalHeaders(refused)), refused.status, refused.code, refused.message);
}

function addHealth(app: FastifyInstance, { health, metrics }: HttpServerOptions): void {
  app.get('/healthz', async () => ({ status: 'alive' }));
  app.get('/readyz', async (_request, reply) => {
    const report = health.report();
    return reply.code(report.ready ? 200 : 503).send(report);
  });
  app.get('/metrics', async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.metrics()),
  );
}

function addWidget(app: FastifyInstance, allowedOrigins: readonly string[]): void {
  const policy = widgetPolicy(allowedOrigins);
  for (const { path, contentType, body } of readWidgetFiles())
    app.get(path, async (_request, reply) =>
      reply
        .headers({
          'cache-control': 'no-cache',
          'content-security-policy': policy,
          'referrer-policy': 'no-referrer',
        })
        .type(contentType)
        .send(body),
    );
}
