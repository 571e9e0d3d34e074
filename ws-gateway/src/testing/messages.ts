/** Messages and arrivals for tests: plain facts, each with a way to differ. */
import {
  type Alert,
  type BusMessage,
  type ContainerStatus,
  isSample,
  type SystemMetric,
  seriesKey,
} from '@pulsewire/shared-schema';
import type { Arrival } from '../arrival.js';
import { channelOf } from '../route.js';

export const TIME = '2026-01-17T04:30:00Z';

export function metric(
  over: Partial<SystemMetric['data']> = {},
  meta: SystemMetric['data']['meta'] = { unit: 'percent', host: 'web-1' },
): SystemMetric {
  return {
    type: 'system_metric',
    data: { time: TIME, metric_type: 'cpu', value: 1, source: 'host', ...over, meta },
  };
}

export function status(over: Partial<ContainerStatus['data']> = {}): ContainerStatus {
  return {
    type: 'container_status',
    data: { container: 'shop', status: 'running', time: TIME, host: 'web-1', ...over },
  };
}

export function alert(over: Partial<Alert['data']> = {}): Alert {
  return {
    type: 'alert',
    data: {
      alert_id: 'a-1',
      rule: 'cpu>90',
      state: 'firing',
      severity: 'warning',
      metric_type: 'cpu',
      source: 'host',
      value: 95,
      threshold: 90,
      message: 'cpu is high',
      time: TIME,
      started_at: TIME,
      host: 'web-1',
      ...over,
    },
  };
}

/** Seconds after {@link TIME} as a log id. */
export function idAt(second: number): string {
  return `${Date.parse(TIME) + second * 1000}-0`;
}

export function arrival(message: BusMessage, over: Partial<Arrival> = {}): Arrival {
  return {
    seq: 1,
    channel: channelOf(message),
    id: null,
    message,
    payload: Buffer.from(JSON.stringify(message)),
    series: seriesKey(message),
    sample: isSample(message),
    receivedMs: 0,
    ...over,
  };
}
