/** What an alert is about: one series, and what its message needs to say of it. */
import type { ContainerStatus, HostMetricType, MetricSource } from '@pulsewire/shared-schema';
import { type Sample, seriesOf } from '../sample.js';
import type { AlertRule, ContainerStateRule } from './rule-grammar.js';

/** Where on the host: what tells the series of one metric apart. */
export interface Place {
  container?: string;
  containerId?: string;
  mount?: string;
  core?: number;
}

export interface Subject extends Place {
  series: string;
  source: MetricSource;
  metricType: string;
  value: number;
}

/** Who collects what about containers. */
export const DOCKER_ORIGIN = 'docker';

/** Which collector reads a metric of the host: what it leaves out while it has other values is gone. */
export const COLLECTOR_OF: Record<HostMetricType, string> = {
  cpu: 'cpu',
  cpu_core: 'cpu',
  mem: 'memory',
  swap: 'memory',
  disk: 'disk',
  load1: 'load',
  load5: 'load',
  load15: 'load',
  net_rx: 'network',
  net_tx: 'network',
  disk_read: 'disk_io',
  disk_write: 'disk_io',
  temperature: 'temperature',
  uptime: 'uptime',
};

/** Plain `disk` repeats the fullest mount, which has an alert of its own. */
export function isSummary(sample: Sample): boolean {
  return sample.source === 'host' && sample.metricType === 'disk' && sample.mount === undefined;
}

export function subjectOfSample(sample: Sample): Subject {
  const { source, metricType, value } = sample;
  const subject: Subject = { series: seriesOf(sample), source, metricType, value };
  if (sample.source === 'container') {
    subject.container = sample.container;
    subject.containerId = sample.containerId;
  } else {
    if (sample.mount !== undefined) subject.mount = sample.mount;
    if (sample.core !== undefined) subject.core = sample.core;
  }
  return subject;
}

export function subjectOfStatus({ condition }: ContainerStateRule, data: ContainerStatus['data']): Subject {
  const exited = condition === 'exited';
  const value = exited ? (data.exit_code ?? 0) : data.health === 'unhealthy' ? 1 : 0;
  return stateSubject(condition, data.container, data.id ?? data.container, value);
}

/**
 * What an alert of an earlier run was about, under a rule of this one. `null` when no sentinel says such a thing:
 * an alert about containers without one, about a mount without one, about load on a core.
 */
export function subjectOfPlace(rule: AlertRule, place: Place, value: number): Subject | null {
  const { container, containerId, mount, core } = place;
  if (rule.kind === 'container_state' || rule.source === 'container') {
    if (container === undefined || containerId === undefined) return null;
    if (rule.kind === 'container_state') return stateSubject(rule.condition, container, containerId, value);
    const series = `container ${containerId} ${rule.metricType}`;
    return { series, source: 'container', metricType: rule.metricType, value, container, containerId };
  }
  const { metricType } = rule;
  const fits =
    containerId === undefined &&
    container === undefined &&
    (mount !== undefined) === (metricType === 'disk') &&
    (core !== undefined) === (metricType === 'cpu_core');
  const name = mount ?? core;
  const series = name === undefined ? metricType : `${metricType} ${name}`;
  return fits ? { ...place, series, source: 'host', metricType, value } : null;
}

function stateSubject(
  condition: ContainerStateRule['condition'],
  container: string,
  containerId: string,
  value: number,
): Subject {
  return {
    series: `container ${containerId} ${condition}`,
    source: 'container',
    metricType: condition === 'exited' ? 'container_exit_code' : 'container_health',
    value,
    container,
    containerId,
  };
}
