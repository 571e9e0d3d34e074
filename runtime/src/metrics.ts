/** Prometheus metrics of a process. All names begin with {@link METRIC_PREFIX}. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export const METRIC_PREFIX = 'pulsewire_';

/** Loop delays are looked for so often. Every look wakes the process: at the usual 10 ms that is most of what an idle one does. */
const LOOP_DELAY_RESOLUTION_MS = 50;

export interface MetricsOptions {
  process: string;
  /** The runtime's own metrics (heap, event loop, …); off where memory is short. */
  runtimeMetrics?: boolean;
}

export function createMetrics(options: MetricsOptions): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ process: options.process });
  if (options.runtimeMetrics ?? true)
    collectDefaultMetrics({
      register: registry,
      prefix: METRIC_PREFIX,
      eventLoopMonitoringPrecision: LOOP_DELAY_RESOLUTION_MS,
    });
  return registry;
}

export function counter<L extends string = never>(
  registry: Registry,
  name: string,
  help: string,
  labels: readonly L[] = [],
): Counter<L> {
  return new Counter<L>({ name: METRIC_PREFIX + name, help, labelNames: labels, registers: [registry] });
}

/** A gauge whose value is read when scraped. */
export function gauge(registry: Registry, name: string, help: string, read: () => number): Gauge {
  return new Gauge({
    name: METRIC_PREFIX + name,
    help,
    registers: [registry],
    collect() {
      this.set(read());
    },
  });
}

export function histogram<L extends string = never>(
  registry: Registry,
  name: string,
  help: string,
  options: { buckets: number[]; labels?: readonly L[] },
): Histogram<L> {
  return new Histogram<L>({
    name: METRIC_PREFIX + name,
    help,
    buckets: options.buckets,
    labelNames: options.labels ?? [],
    registers: [registry],
  });
}
