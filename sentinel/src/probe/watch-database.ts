/**
 * Asks one database every 2 s whether it answers, and says so every 10 s, and at once when that changes. A
 * connection that breaks is a question at once. *Answering* is a round trip in time; figures that cannot be read do
 * not make a database `down`.
 */
import { type Clock, isoTime, type Logger, type Stoppable } from '@pulsewire/runtime';
import type { DatabaseStatus } from '@pulsewire/shared-schema';
import type { DatabaseConnection, DatabaseFigures, OpenDatabase } from './database-probe.js';
import type { ProbeTarget } from './probe-target.js';
import { redactProbeError } from './redact-probe-error.js';

const CHECK_MS = 2000;
const REPORT_MS = 10_000;
/** Timers fire a little early or late; a report must not wait for another check because of that. */
const TOLERANCE_MS = 500;
/** For connecting, a round trip, and the figures: each. */
export const PROBE_TIMEOUT_MS = 3000;
/** Drivers lose patience a little earlier: they know the reason. */
const DRIVER_TIMEOUT_MS = PROBE_TIMEOUT_MS - 500;
/** A server that takes connections and drops them at once must not be asked without end. */
const STABLE_MS = 1000;

export interface WatchDatabaseOptions {
  target: ProbeTarget;
  open: OpenDatabase;
  host: string;
  clock: Clock;
  logger: Logger;
  onStatus(status: DatabaseStatus): void;
}

export interface DatabaseWatch extends Stoppable {
  readonly isUp: boolean;
}

/** What a check found. `latencyMs` is that of the round trip, or how long it took to fail. */
type Finding = { latencyMs: number } & ({ status: 'up' } | { status: 'down'; error: string });

interface Said {
  status: Finding['status'] | null;
  atMs: number;
}

/** Whether a finding is told: it is another than the one before, or that one is 10 s old. */
export function isDue(said: Said, status: Finding['status'], nowMs: number): boolean {
  return said.status !== status || nowMs - said.atMs >= REPORT_MS - TOLERANCE_MS;
}

export function watchDatabase(options: WatchDatabaseOptions): DatabaseWatch {
  const { target, clock, logger } = options;
  let connection: DatabaseConnection | null = null;
  let connectedMs = 0;
  let said: Said = { status: null, atMs: 0 };
  let figuresFail = false;
  let busy = false;
  let stopped = false;

  function disconnect(): void {
    const closing = connection;
    connection = null;
    closing?.close();
  }

  async function connect(): Promise<DatabaseConnection> {
    const abort = new AbortController();
    const onLost = () => {
      if (abort.signal.aborted || stopped) return;
      connection = null;
      if (clock.monotonicMs() - connectedMs >= STABLE_MS) void turn();
    };
    const opening = options.open(target.url, { onLost, signal: abort.signal, timeoutMs: DRIVER_TIMEOUT_MS });
    try {
      const opened = await inTime(opening, clock);
      connectedMs = clock.monotonicMs();
      return opened;
    } catch (error) {
      abort.abort();
      opening.then(({ close }) => close()).catch(() => {});
      throw error;
    }
  }

  async function check(): Promise<Finding> {
    let startedMs = clock.monotonicMs();
    try {
      connection ??= await connect();
      startedMs = clock.monotonicMs();
      await inTime(connection.ping(), clock);
      return { status: 'up', latencyMs: clock.monotonicMs() - startedMs };
    } catch (error) {
      disconnect();
      const latencyMs = clock.monotonicMs() - startedMs;
      return { status: 'down', latencyMs, error: redactProbeError(error, target.url) };
    }
  }

  async function readFigures(): Promise<DatabaseFigures> {
    try {
      const figures = connection === null ? {} : await inTime(connection.figures(), clock);
      figuresFail = false;
      return figures;
    } catch (error) {
      disconnect();
      const reason = redactProbeError(error, target.url);
      if (!figuresFail && !stopped)
        logger.warn({ database: target.name, error: reason }, 'figures of a database cannot be read');
      figuresFail = true;
      return {};
    }
  }

  function tell(finding: Finding): void {
    const facts = { database: target.name, kind: target.kind };
    if (finding.status === 'down' && said.status !== 'down')
      logger.warn({ ...facts, error: finding.error }, 'database does not answer');
    if (finding.status === 'up' && said.status === 'down') logger.info(facts, 'database answers again');
  }

  async function turn(): Promise<void> {
    if (busy || stopped) return;
    busy = true;
    const startedMs = clock.monotonicMs();
    const finding = await check();
    if (isDue(said, finding.status, startedMs) && !stopped) {
      const figures = finding.status === 'up' ? await readFigures() : { error: finding.error };
      if (!stopped) {
        tell(finding);
        said = { status: finding.status, atMs: startedMs };
        options.onStatus(render(finding, figures));
      }
    }
    if (stopped) disconnect();
    busy = false;
  }

  function render(finding: Finding, rest: DatabaseFigures | { error: string }): DatabaseStatus {
    const { name, kind } = target;
    const { status, latencyMs } = finding;
    const time = isoTime(clock.nowMs());
    const data = {
      name,
      kind,
      status,
      latency_ms: Math.max(0, latencyMs),
      time,
      host: options.host,
      ...rest,
    };
    return { type: 'database_status', data };
  }

  const cancel = clock.every(CHECK_MS, () => void turn());
  void turn();
  return {
    get isUp() {
      return said.status === 'up';
    },
    async stop() {
      stopped = true;
      cancel();
      disconnect();
    },
  };
}

/** Rejects after {@link PROBE_TIMEOUT_MS}. Whoever calls gives the connection up then. */
function inTime<T>(promise: Promise<T>, clock: Clock): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(PROBE_TIMEOUT_MS, () =>
      reject(new Error(`no answer within ${PROBE_TIMEOUT_MS / 1000} s`)),
    );
    promise.then(resolve, reject).finally(cancel);
  });
}
