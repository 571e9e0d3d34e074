/** For tests of what happens to alerts over restarts: alert engines that share one log, one reading a second. */
import type { Alert } from '@pulsewire/shared-schema';
import { createAlertEngine } from '../alerts/alert-engine.js';
import { parseAlertRules } from '../alerts/rule-grammar.js';
import { createUnresolved } from '../alerts/unresolved.js';
import type { Sample } from '../sample.js';

export const START_MS = Date.UTC(2026, 0, 17, 4, 30);
export const HOST = 'web-1';

export interface Runs {
  /** Everything that was said, as the bus has it in its log. */
  readonly log: Buffer[];
  readonly alerts: Alert[];
  /** A new process: it knows nothing of the one before. Alerts are held until `adopt`. */
  restart(rules: string): void;
  /** The new process has read the log. Only the entries given, when it could not read all. */
  adopt(log?: readonly Buffer[]): void;
  /** The log could not be read in time. */
  release(): void;
  /** A second later. */
  read(samples: Sample[], origin?: string): void;
  cpu(value: number): void;
  /** A full list of containers. */
  list(...containerIds: string[]): void;
  container(id: string, status: 'running' | 'exited', exitCode?: number): void;
  /** `firing 3` or `resolved 3`: what was true since the third second. */
  says(): string[];
}

/** The first process, of which `log` may hold what others said. It has not read the log yet. */
export function createRuns(rules: string, log: Buffer[] = []): Runs {
  const alerts: Alert[] = [];
  let nowMs = START_MS;
  let engine = start(rules);

  function start(text: string) {
    const started = createAlertEngine({ rules: parseAlertRules(text), host: HOST, maxGapMs: 10_000 });
    started.hold();
    return started;
  }

  function say(raised: readonly Alert[]): void {
    alerts.push(...raised);
    log.push(...raised.map((alert) => Buffer.from(JSON.stringify(alert))));
  }

  function read(samples: Sample[], origin = 'cpu'): void {
    nowMs += 1000;
    say(engine.observeBatch({ origin, timeMs: nowMs, samples }));
  }

  return {
    log,
    alerts,
    restart(text) {
      nowMs += 1000;
      engine = start(text);
    },
    adopt(entries = log) {
      const unresolved = createUnresolved(HOST);
      for (const bytes of entries) unresolved.note(bytes);
      say(engine.adopt(unresolved.all(), nowMs));
    },
    release: () => say(engine.release()),
    read,
    cpu: (value) => read([{ source: 'host', metricType: 'cpu', value }]),
    list(...ids) {
      nowMs += 1000;
      say(engine.observePresent(new Set(ids), nowMs));
    },
    container(id, status, exitCode) {
      nowMs += 1000;
      const time = new Date(nowMs).toISOString();
      const data = { container: `name-${id}`, id, status, time, exit_code: exitCode ?? null };
      say(engine.observeStatus(data, nowMs));
    },
    says: () => alerts.map(({ data }) => `${data.state} ${(Date.parse(data.started_at) - START_MS) / 1000}`),
  };
}
