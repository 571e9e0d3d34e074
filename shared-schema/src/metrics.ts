/** The metric types that Pulsewire itself produces, each with its unit. Source: contracts.md §1. */

export const HOST_METRIC_UNITS = {
  cpu: 'percent',
  cpu_core: 'percent',
  mem: 'percent',
  swap: 'percent',
  disk: 'percent',
  load1: 'load',
  load5: 'load',
  load15: 'load',
  net_rx: 'bytes/s',
  net_tx: 'bytes/s',
  disk_read: 'bytes/s',
  disk_write: 'bytes/s',
  temperature: 'celsius',
  uptime: 'seconds',
} as const;
export type HostMetricType = keyof typeof HOST_METRIC_UNITS;

/** `cpu` is percent of one core (may exceed 100); `mem` is percent of the container's limit. */
export const CONTAINER_METRIC_UNITS = {
  cpu: 'percent',
  mem: 'percent',
  mem_bytes: 'bytes',
  net_rx: 'bytes/s',
  net_tx: 'bytes/s',
} as const;
export type ContainerMetricType = keyof typeof CONTAINER_METRIC_UNITS;
