/** {@link Engine} through dockerode. */
import { Agent, type AgentOptions } from 'node:http';
import { connect } from 'node:net';
import { inspect } from 'node:util';
import { type Clock, systemClock } from '@pulsewire/runtime';
import type Docker from 'dockerode';
import type { DockerAddress } from './docker-host.js';
import { openLogs, readLastLog } from './dockerode-logs.js';
import type { Engine, EventHandlers, EventStream } from './engine.js';
import { createLineSplitter } from './line-splitter.js';

const CALL_DEADLINE_MS = 10_000;
/** Statistics of 64 containers wait for the engine at once, and an inspection must not wait behind them. */
const MAX_SOCKETS = 72;

/**
 * Rejects when nothing listens there or what listens does not answer. dockerode is loaded only when something
 * listens: it brings much that a host without containers need not hold in memory.
 */
export async function openDockerode(address: DockerAddress, clock: Clock = systemClock): Promise<Engine> {
  await probe(address, clock);
  const { default: Dockerode } = await import('dockerode');
  const agent = createAgent({ keepAlive: true, maxSockets: MAX_SOCKETS + 1 });
  // `host` is always named: dockerode would else take one from the environment.
  const where =
    address.kind === 'unix'
      ? { host: undefined, socketPath: address.path }
      : { host: address.host, port: address.port };
  // The types do not know `agent`, nor that `ping` can be aborted.
  const connect = (through: Agent) =>
    new Dockerode({ ...where, protocol: 'http', agent: through } as Docker.DockerOptions & { agent: Agent });
  const docker = connect(agent);
  // Each log that is followed holds a connection; they must not take those of the readings.
  const logAgent = createAgent({ keepAlive: false });
  const engine = createEngine(docker, connect(logAgent), clock, () => {
    agent.destroy();
    logAgent.destroy();
  });
  try {
    await within(clock, (abortSignal) =>
      (docker.ping as (options: object) => Promise<unknown>).call(docker, { abortSignal }),
    );
    return engine;
  } catch (error) {
    engine.close();
    throw error;
  }
}

function createEngine(docker: Docker, logs: Docker, clock: Clock, close: () => void): Engine {
  return {
    list: () => within(clock, (abortSignal) => docker.listContainers({ all: true, abortSignal })),
    inspect: (id) => within(clock, (abortSignal) => docker.getContainer(id).inspect({ abortSignal })),
    stats: (id) =>
      within(clock, (abortSignal) =>
        docker.getContainer(id).stats({ stream: false, 'one-shot': true, abortSignal } as { stream: false }),
      ),
    events: (sinceMs, handlers) => openEvents(docker, sinceMs, handlers, clock),
    logs: (id, since) => openLogs(logs, id, since, clock, CALL_DEADLINE_MS),
    lastLog: (id, since) => within(clock, (abortSignal) => readLastLog(logs, id, since, abortSignal)),
    close,
  };
}

async function openEvents(
  docker: Docker,
  sinceMs: number | null,
  handlers: EventHandlers,
  clock: Clock,
): Promise<EventStream> {
  const since = sinceMs === null ? {} : { since: sinceMs / 1000 };
  const abort = new AbortController();
  const cancel = clock.after(CALL_DEADLINE_MS, () => abort.abort());
  let stream: NodeJS.ReadableStream;
  try {
    const filters = { type: ['container' as const] };
    stream = await docker.getEvents({
      filters,
      abortSignal: abort.signal,
      ...since,
    } as Docker.GetEventsOptions);
  } finally {
    cancel();
  }
  let ended = false;
  const end = () => {
    if (ended) return;
    ended = true;
    handlers.onEnd();
  };
  const split = createLineSplitter((line) => {
    const event = parseJson(line);
    if (event !== undefined) handlers.onEvent(event);
  });
  stream.on('data', (chunk: Buffer) => {
    if (!ended) split(chunk);
  });
  for (const name of ['end', 'error', 'close', 'aborted']) stream.on(name, end);
  return {
    stop() {
      ended = true;
      abort.abort();
    },
  };
}

/** Is anything listening? Answers in microseconds, without loading anything. */
function probe(address: DockerAddress, clock: Clock): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(
      address.kind === 'unix' ? { path: address.path } : { host: address.host, port: address.port },
    );
    const cancel = clock.after(CALL_DEADLINE_MS, () => socket.destroy(lateError()));
    socket.once('connect', () => {
      cancel();
      socket.destroy();
      resolve();
    });
    socket.once('error', (error) => {
      cancel();
      reject(error);
    });
  });
}

/** Aborts the call when it takes too long. */
async function within<T>(clock: Clock, call: (abortSignal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const cancel = clock.after(CALL_DEADLINE_MS, () => abort.abort());
  try {
    return await call(abort.signal);
  } catch (error) {
    throw abort.signal.aborted ? lateError(error) : error;
  } finally {
    cancel();
  }
}

/** The same code as the kernel's, so that nobody needs to know who lost patience. */
function lateError(cause?: unknown): Error {
  const message = `no answer within ${CALL_DEADLINE_MS / 1000} s`;
  return Object.assign(new Error(message, { cause }), { code: 'ETIMEDOUT' });
}

/**
 * Connections are kept: a reading a second of every container must not be a connection a second. docker-modem
 * prints every request's options for its debug log, sockets and all, whether anybody reads it or not; an agent
 * that prints as one word saves most of its CPU time.
 */
function createAgent(options: AgentOptions): Agent {
  const agent = new Agent(options);
  return Object.assign(agent, { [inspect.custom]: () => 'Agent' });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
