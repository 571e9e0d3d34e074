/** What the tests of the API record: two hours ago, on host `a`. */
import type { BusMessage, ContainerStatus, SystemMetric } from '@pulsewire/shared-schema';

export const HOUR_MS = 3_600_000;
/** A whole number of minutes, so that a reader of a failure can count. */
export const START_MS = Math.floor(Date.now() / 60_000) * 60_000 - 2 * HOUR_MS;
/** Samples come every second for ten minutes, then there are none for five, then come five minutes more. */
export const BREAK_MS = START_MS + 600_000;
export const RESUME_MS = START_MS + 900_000;
export const END_MS = START_MS + 1_200_000;
export const LOG_LINES = 250;

export const at = (ms: number) => new Date(ms).toISOString();

export function metric(metricType: string, timeMs: number, value: number): SystemMetric {
  const meta = { unit: 'percent', host: 'a' };
  return {
    type: 'system_metric',
    data: { time: at(timeMs), metric_type: metricType, value, source: 'host', meta },
  };
}

export function containerMetric(container: string, timeMs: number, value: number): SystemMetric {
  const meta = { unit: 'percent', host: 'a', container };
  return {
    type: 'system_metric',
    data: { time: at(timeMs), metric_type: 'cpu', value, source: 'container', meta },
  };
}

export function status(
  container: string,
  state: ContainerStatus['data']['status'],
  timeMs: number,
): ContainerStatus {
  const data = { container, status: state, time: at(timeMs), host: 'a', id: `id-${container}` };
  return { type: 'container_status', data };
}

/** Values of cpu are the seconds since the start, so that minimum, average and maximum can be told. */
export function cpuSamples(): SystemMetric[] {
  const seconds = Array.from({ length: 1200 }, (_, second) => second);
  return seconds
    .filter((second) => second < 600 || second >= 900)
    .map((second) => metric('cpu', START_MS + second * 1000, second));
}

export function alertOf(id: string, startedMs: number, resolvedMs: number | null): BusMessage[] {
  const data = {
    alert_id: id,
    rule: 'cpu>90',
    severity: 'critical',
    metric_type: 'cpu',
    source: 'host',
    value: 95,
    threshold: 90,
    message: 'cpu is high',
    started_at: at(startedMs),
    host: 'a',
  } as const;
  const firing: BusMessage = { type: 'alert', data: { ...data, state: 'firing', time: at(startedMs) } };
  if (resolvedMs === null) return [firing];
  return [firing, { type: 'alert', data: { ...data, state: 'resolved', time: at(resolvedMs) } }];
}

export function logLines(): BusMessage[] {
  return Array.from({ length: LOG_LINES }, (_, seq) => ({
    type: 'log',
    data: {
      service: seq % 5 === 0 ? 'db' : 'web',
      level: seq % 10 === 0 ? 'error' : 'info',
      message: `line ${seq} 100%_done`,
      timestamp: at(START_MS + seq * 1000),
      host: 'a',
      stream: 'stdout',
      seq,
    },
  }));
}
