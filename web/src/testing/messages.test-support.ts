/** For tests: messages with all that is not the point filled in. */
import type { Alert, ContainerStatus, SystemMetric } from '@pulsewire/shared-schema';
import type { AlertView, ContainerView } from '../live/views.js';
import { iso } from './fake-stream.test-support.js';
import { START_MS } from './manual-clock.test-support.js';

export function sample(
  metric_type: string,
  value: number,
  timeMs: number,
  meta: SystemMetric['data']['meta'] = {},
): SystemMetric {
  const source = meta.container === undefined ? 'host' : 'container';
  return {
    type: 'system_metric',
    data: { time: iso(timeMs), metric_type, value, source, meta: { host: 'web-01', ...meta } },
  };
}

export function container(
  name: string,
  timeMs: number,
  more: Partial<ContainerStatus['data']> = {},
): ContainerStatus {
  return {
    type: 'container_status',
    data: { container: name, host: 'web-01', status: 'running', time: iso(timeMs), ...more },
  };
}

export function alert(
  id: string,
  state: Alert['data']['state'],
  timeMs: number,
  more: Partial<Alert['data']> = {},
): Alert {
  return {
    type: 'alert',
    data: {
      alert_id: id,
      rule: 'cpu>90',
      state,
      severity: 'warning',
      metric_type: 'cpu',
      source: 'host',
      value: 93,
      threshold: 90,
      message: `alert ${id}`,
      time: iso(timeMs),
      started_at: iso(START_MS),
      host: 'web-01',
      ...more,
    },
  };
}

export function alertView(id: string, more: Partial<Alert['data']> = {}): AlertView {
  const { data } = alert(id, 'firing', START_MS, more);
  return { data, startedAtMs: START_MS, resolvedAtMs: data.state === 'resolved' ? START_MS : null };
}

export function containerView(name: string, more: Partial<ContainerView> = {}): ContainerView {
  return {
    key: name,
    name,
    host: 'web-01',
    status: 'running',
    health: 'none',
    image: '',
    exitCode: null,
    startedAtMs: null,
    cpuPercent: null,
    memPercent: null,
    memBytes: null,
    freshness: 'live',
    asOfMs: null,
    ...more,
  };
}
