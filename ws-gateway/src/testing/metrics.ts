/** Real metrics in a registry of their own, whose gauges stand still, for tests. */
import { createMetrics } from '@pulsewire/runtime';
import type { Registry } from 'prom-client';
import { createGatewayMetrics, type GatewayMetrics } from '../gateway-metrics.js';

export function createTestMetrics(): { registry: Registry; metrics: GatewayMetrics } {
  const registry = createMetrics({ process: 'test', runtimeMetrics: false });
  const zero = () => 0;
  const metrics = createGatewayMetrics(registry, {
    clients: zero,
    lanes: zero,
    snapshotEntries: zero,
    snapshotBytes: zero,
    recentMessages: zero,
    recentBytes: zero,
    slowClients: zero,
    unsentBytes: () => ({ sum: 0, largest: 0 }),
    heldBytes: () => [],
  });
  return { registry, metrics };
}
