/** The one way out: everything that was seen goes to the bus and past the alert rules, in that order. */
import type { Bus } from '@pulsewire/runtime';
import {
  type Alert,
  type BusMessage,
  CHANNELS,
  type ContainerStatus,
  type DatabaseStatus,
} from '@pulsewire/shared-schema';
import type { AlertEngine } from './alerts/alert-engine.js';
import { renderSample } from './sample.js';
import type { Batch } from './sampling/sampler.js';
import type { SentinelMetrics } from './sentinel-metrics.js';

export interface Publisher {
  publishBatches(batches: readonly Batch[]): void;
  publishStatuses(statuses: readonly ContainerStatus[], timeMs: number): void;
  publishAlerts(alerts: readonly Alert[]): void;
  publishDatabase(status: DatabaseStatus): void;
}

export interface PublisherOptions {
  bus: Bus;
  host: string;
  alerts: AlertEngine;
  metrics: SentinelMetrics;
}

export function createPublisher({ bus, host, alerts, metrics }: PublisherOptions): Publisher {
  function publish(message: BusMessage): void {
    bus.publish(CHANNELS.metrics, message);
    metrics.published(message.type);
  }

  return {
    publishBatches(batches) {
      const raised: Alert[] = [];
      for (const batch of batches) {
        for (const sample of batch.samples) publish(renderSample(sample, host, batch.timeMs));
        raised.push(...alerts.observeBatch(batch));
      }
      raised.forEach(publish);
    },
    publishStatuses(statuses, timeMs) {
      for (const status of statuses) {
        publish(status);
        alerts.observeStatus(status.data, timeMs).forEach(publish);
      }
    },
    publishAlerts: (raised) => raised.forEach(publish),
    publishDatabase: publish,
  };
}
