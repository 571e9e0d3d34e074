/**
 * A *sample* is one number that a collector read; a *series* is what a newer sample of the same kind replaces.
 * Here a sample becomes the message of contracts.md §1.
 */
import { isoTime } from '@pulsewire/runtime';
import {
  CONTAINER_METRIC_UNITS,
  type ContainerMetricType,
  HOST_METRIC_UNITS,
  type HostMetricType,
  type SystemMetric,
} from '@pulsewire/shared-schema';

export interface HostSample {
  source: 'host';
  metricType: HostMetricType;
  value: number;
  mount?: string;
  core?: number;
  /** How old the value is, when its collector hangs or fails; absent on a fresh one. */
  staleMs?: number;
}

export interface ContainerSample {
  source: 'container';
  metricType: ContainerMetricType;
  value: number;
  container: string;
  containerId: string;
  /** When the engine read it, epoch milliseconds; absent when that is the tick's time. */
  readAtMs?: number;
  staleMs?: number;
}

export type Sample = HostSample | ContainerSample;

export function hostSample(metricType: HostMetricType, value: number): HostSample {
  return { source: 'host', metricType, value };
}

/** The message of a sample. Values are sent as they were derived; rounding is for whoever draws. */
export function renderSample(sample: Sample, host: string, timeMs: number): SystemMetric {
  const meta: SystemMetric['data']['meta'] =
    sample.source === 'host'
      ? { unit: HOST_METRIC_UNITS[sample.metricType], host }
      : { unit: CONTAINER_METRIC_UNITS[sample.metricType], host, container: sample.container };
  if (sample.source === 'host') {
    if (sample.mount !== undefined) meta.mount = sample.mount;
    if (sample.core !== undefined) meta.core = sample.core;
  }
  if (sample.staleMs !== undefined) meta.stale_s = sample.staleMs / 1000;
  const { metricType, value, source } = sample;
  const readAtMs = sample.source === 'container' ? (sample.readAtMs ?? timeMs) : timeMs;
  return {
    type: 'system_metric',
    data: { time: isoTime(readAtMs), metric_type: metricType, value, source, meta },
  };
}

/** Names the series within this host. */
export function seriesOf(sample: Sample): string {
  if (sample.source === 'container') return `container ${sample.containerId} ${sample.metricType}`;
  if (sample.mount !== undefined) return `${sample.metricType} ${sample.mount}`;
  return sample.core === undefined ? sample.metricType : `${sample.metricType} ${sample.core}`;
}

/** 0–100, whatever rounding and racing counters made of it; `null` for what is no number. */
export function clampPercent(percent: number): number | null {
  if (!Number.isFinite(percent)) return null;
  return Math.min(100, Math.max(0, percent));
}
