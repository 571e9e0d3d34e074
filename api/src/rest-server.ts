/** The edge to HTTP: Fastify, without a port of its own; whoever has one hands requests over. */
import cors from '@fastify/cors';
import rateLimit from '@fastify/rate-limit';
import {
  type ApiKey,
  type Clock,
  createClientAddress,
  createFailedKeys,
  findApiKey,
  type Logger,
  networkOf,
  pathOf,
  type RequestHandler,
  type Stoppable,
} from '@pulsewire/runtime';
import { REST_LIMITS } from '@pulsewire/shared-schema/rest';
import { type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import { decideAdmission } from './admit.js';
import type { ApiMetrics } from './api-metrics.js';
import { deriveBody, deriveStatus, type Problem, problemOf, refuse } from './problem.js';
import type { Route, RouteContext } from './routes.js';

export interface RestServer extends Stoppable {
  handle: RequestHandler;
}

export interface RestServerOptions {
  routes: readonly Route[];
  context: Omit<RouteContext, 'gone'>;
  /** Those that hold now. */
  keys(): readonly ApiKey[];
  allowedOrigins: readonly string[];
  /** As from `parseTrustedProxies`. */
  trustedProxies: readonly string[];
  clock: Clock;
  logger: Logger;
  metrics: ApiMetrics;
}

const MINUTE_MS = 60_000;
/** A browser may remember for so long what a page of another origin may ask. */
const PREFLIGHT_S = 600;
const HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

export async function createRestServer(options: RestServerOptions): Promise<RestServer> {
  const { context, clock, logger, metrics, keys } = options;
  const routes = new Map(options.routes.map((route) => [route.path, route]));
  const failedKeys = createFailedKeys();
  const keyNames = new WeakMap<FastifyRequest, string>();
  const clientAddress = createClientAddress(options.trustedProxies);
  const addressOf = (request: FastifyRequest) =>
    clientAddress({ remoteAddress: request.ip, header: (name) => headerOf(request, name) });
  const routeOf = (request: FastifyRequest) => routes.get(pathOf(request));
  const app = fastify({
    logger: false,
    bodyLimit: REST_LIMITS.bodyBytes,
    frameworkErrors: (error, request, reply) => answerError(error, request, reply),
  });

  function answerError(error: unknown, request: { url: string }, reply: FastifyReply) {
    const problem = problemOf(error, context.database.state);
    if (problem !== null) return sendProblem(reply, problem);
    logger.error({ err: error, path: pathOf(request) }, 'request failed');
    return sendProblem(reply, {
      code: 'internal_error',
      message: 'the server could not answer; see its log',
    });
  }

  /** `null`: go on. */
  function admit(request: FastifyRequest): Problem | null {
    const nowMs = clock.monotonicMs();
    const address = addressOf(request);
    const admission = decideAdmission(
      {
        method: request.method,
        topics: routeOf(request)?.topics,
        header: (name) => headerOf(request, name),
      },
      {
        findKey: (offered) => findApiKey(keys(), offered),
        blockedForMs: failedKeys.blockedForMs(address, nowMs),
      },
    );
    if (admission.ok) keyNames.set(request, admission.keyName);
    else if (admission.failedKey) failedKeys.record(address, nowMs);
    return admission.ok ? null : admission.problem;
  }

  // Before the key: a browser asks without one whether it may ask with one.
  if (options.allowedOrigins.length > 0)
    await app.register(cors, {
      origin: [...options.allowedOrigins],
      methods: ['GET', 'HEAD'],
      allowedHeaders: ['x-api-key', 'authorization'],
      exposedHeaders: ['retry-after'],
      maxAge: PREFLIGHT_S,
      strictPreflight: false,
    });
  await app.register(rateLimit, { global: false });
  const countRequest = app.createRateLimit({
    max: REST_LIMITS.requestsPerMinute,
    timeWindow: MINUTE_MS,
    keyGenerator: (request) => `${keyNames.get(request)} ${networkOf(addressOf(request))}`,
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(HEADERS);
    const problem = admit(request);
    if (problem !== null) return sendProblem(reply, problem);
    const count = await countRequest(request);
    if (count.isAllowed || !count.isExceeded) return;
    const headers = { 'retry-after': String(count.ttlInSeconds) };
    return sendProblem(
      reply,
      refuse('too_many_requests', 'too many requests with this key', { headers }).problem,
    );
  });
  app.addHook('onResponse', async (request, reply) => {
    metrics.answered(routeOf(request)?.name ?? 'other', reply.statusCode, reply.elapsedTime);
  });
  app.setErrorHandler(answerError);
  for (const route of routes.values())
    app.get(route.path, async (request, reply) => {
      const gone = whenGone(reply);
      const outcome = await route.answer(request.query as Record<string, unknown>, { ...context, gone });
      return outcome.ok ? outcome.body : sendProblem(reply, outcome.problem);
    });
  await app.ready();
  return {
    handle: (request, response) => app.routing(request, response),
    stop: () => app.close(),
  };
}

function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  return reply
    .code(deriveStatus(problem))
    .headers({ ...HEADERS, ...problem.headers })
    .send(deriveBody(problem));
}

/** A connection that closes before the answer was written has nobody behind it any more. */
function whenGone({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  raw.once('close', () => {
    if (!raw.writableFinished) gone.abort();
  });
  return gone.signal;
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}
