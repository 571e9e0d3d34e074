/**
 * Stays connected to the engine and reports every change of a container: at once from the event stream, for all
 * of them every 30 s, and after a reconnect whatever happened meanwhile. Decisions are in connection.ts and
 * container-change.ts.
 */
import type { Cancel, Clock, DependencyState, Logger, Stoppable } from '@pulsewire/runtime';
import { type Connection, type ConnectionEvent, dependencyOf, stepConnection } from './connection.js';
import type { Report } from './container-change.js';
import type { ContainerSource } from './container-collector.js';
import { parseEvent } from './container-event.js';
import { type ContainerFacts, parseInspected, parseListed } from './container-facts.js';
import { createContainerTable } from './container-table.js';
import { type DockerAddress, renderDockerHost } from './docker-host.js';
import type { Engine, EventStream, LogReading, OpenEngine } from './engine.js';

const FULL_LIST_MS = 30_000;
/** Asked for again after a reconnect, as event times are rounded; the table knows what it has seen. */
const OVERLAP_MS = 1;
/** An inspection that events overtake is repeated, but not for ever. */
const MAX_LOOKS = 3;

export interface WatchDockerOptions {
  address: DockerAddress;
  open: OpenEngine;
  clock: Clock;
  logger: Logger;
  onReports(reports: readonly Report[], timeMs: number): void;
  /** After each full list: the ids of all containers that exist. */
  onListed(ids: ReadonlySet<string>, timeMs: number): void;
  onEvent(kind: string): void;
}

export interface DockerWatch extends Stoppable, ContainerSource {
  readonly state: DependencyState;
  readonly containers: number;
  /** All that exist; while there is no engine, those that did. */
  all(): readonly ContainerFacts[];
  /** Rejects while there is no engine. */
  logs(id: string, since: string | null): Promise<LogReading>;
  /** Likewise. */
  lastLog: Engine['lastLog'];
}

interface Link {
  engine: Engine;
  events: EventStream;
  cancelList: Cancel;
}

export function watchDocker(options: WatchDockerOptions): DockerWatch {
  const { clock, logger, address } = options;
  const table = createContainerTable();
  const startedMs = clock.nowMs();
  let state: Connection = { name: 'new' };
  let link: Link | null = null;
  let lastEventMs: number | null = null;
  let cancelRetry: Cancel = () => {};
  let connecting = false;
  let stopped = false;

  function advance(event: ConnectionEvent): void {
    const step = stepConnection(state, event, { nowMs: clock.nowMs(), address: address.kind });
    state = step.state;
    const docker = renderDockerHost(address);
    if (step.says === 'info')
      logger.info({ docker, containers: table.all().length }, 'docker engine connected');
    if (step.says === 'warn' && state.name === 'down')
      logger.warn(
        { docker, cause: state.cause },
        'docker engine cannot be reached; it is tried again and again',
      );
    if (step.tryInMs !== null) cancelRetry = clock.after(step.tryInMs, () => void connect());
  }

  async function connect(): Promise<void> {
    let engine: Engine | undefined;
    connecting = true;
    try {
      engine = await options.open();
      await attach(engine);
      if (link === null && !stopped) throw new Error('the event stream ended at once');
      connecting = false;
      if (!stopped) advance({ name: 'connected' });
    } catch (error) {
      connecting = false;
      engine?.close();
      detach();
      if (!stopped) advance({ name: 'failed', cause: causeOf(error) });
    }
  }

  /** Events first, the list after: what happens between the two is in one of them, or in both. */
  async function attach(engine: Engine): Promise<void> {
    const sinceMs = lastEventMs === null ? null : lastEventMs - OVERLAP_MS;
    let ended = false;
    const onEnd = () => {
      ended = true;
      lose(engine);
    };
    const events = await engine.events(sinceMs, { onEvent, onEnd });
    if (stopped) {
      events.stop();
      engine.close();
      return;
    }
    if (ended) throw new Error('the event stream ended at once');
    const cancelList = clock.every(FULL_LIST_MS, () => void listAll(engine).catch(() => lose(engine)));
    link = { engine, events, cancelList };
    await listAll(engine);
  }

  function detach(): void {
    link?.cancelList();
    link?.events.stop();
    link?.engine.close();
    link = null;
  }

  /** An engine that has been given up already may still end a stream or fail a call. */
  function lose(engine: Engine): void {
    if (link?.engine !== engine || stopped) return;
    detach();
    if (!connecting) advance({ name: 'cut' });
  }

  function onEvent(raw: unknown): void {
    const event = parseEvent(raw);
    if (event === null) return;
    options.onEvent(event.kind);
    lastEventMs = Math.max(lastEventMs ?? 0, event.timeMs);
    const { report, look } = table.onEvent(event);
    if (report !== null) options.onReports([report], event.timeMs);
    if (look) void inspect(event.id);
  }

  async function inspect(id: string): Promise<void> {
    const engine = link?.engine;
    if (engine === undefined) return;
    for (let looks = 0; looks < MAX_LOOKS; looks += 1) {
      const mark = table.mark();
      // No answer: removed meanwhile, and its own event tells; or no engine, and the next list tells.
      const seen = parseInspected(await engine.inspect(id).catch(() => null));
      if (seen === null || link?.engine !== engine) return;
      const { report, outdated } = table.onInspected(mark, seen);
      if (report !== null) options.onReports([report], clock.nowMs());
      if (!outdated) return;
    }
  }

  async function listAll(engine: Engine): Promise<void> {
    const mark = table.mark();
    const answer = await engine.list();
    if (link?.engine !== engine || !Array.isArray(answer)) return;
    const listed = answer.map(parseListed).filter((facts) => facts !== null);
    const { reports, look } = table.onListed(mark, listed);
    // What the list leaves open is asked before a change is spoken of, so that it is told once and in full.
    options.onReports(
      reports.filter(({ facts }) => !look.includes(facts.id)),
      clock.nowMs(),
    );
    await Promise.all(
      look.map((id) =>
        introduce(
          engine,
          id,
          reports.find(({ facts }) => facts.id === id),
        ),
      ),
    );
    if (link?.engine === engine) options.onListed(new Set(table.all().map(({ id }) => id)), clock.nowMs());
  }

  async function introduce(engine: Engine, id: string, listed: Report | undefined): Promise<void> {
    const mark = table.mark();
    const seen = parseInspected(await engine.inspect(id).catch(() => null));
    if (link?.engine !== engine || listed === undefined) return;
    const result = seen === null ? null : table.onInspected(mark, seen);
    if (result?.outdated === true) return inspect(id);
    const facts = table.get(id);
    if (facts !== undefined) options.onReports([{ ...listed, facts }], clock.nowMs());
  }

  void connect();
  return {
    get state() {
      return dependencyOf(state, startedMs);
    },
    get containers() {
      return table.all().length;
    },
    running: () => table.all().filter(({ status }) => status === 'running'),
    all: table.all,
    async logs(id, since) {
      if (link === null) throw new Error('not connected');
      return link.engine.logs(id, since);
    },
    async lastLog(id, since) {
      if (link === null) throw new Error('not connected');
      return link.engine.lastLog(id, since);
    },
    async stats(id) {
      if (link === null) throw new Error('not connected');
      return link.engine.stats(id);
    },
    async stop() {
      stopped = true;
      cancelRetry();
      detach();
    },
  };
}

function causeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code.toLowerCase() : 'no_answer';
}
