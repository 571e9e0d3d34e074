/** The infrastructure panel from the newest messages: pure. Source: contracts.md §4, specification 003. */
import type { ContainerStatus, DatabaseStatus, SystemMetric } from '@pulsewire/shared-schema';
import type { HostState, InfraContainer, InfraStatus } from '@pulsewire/shared-schema/rest';
import type { NewestMessage } from './newest.js';

export interface InfraFacts {
  nowMs: number;
  limits: { staleMs: number; containerStaleMs: number };
  origin: InfraStatus['origin'];
}

type HostField = Exclude<keyof HostState, 'name' | 'collected_at' | 'stale_fields'>;

/** Metric → field. What is named differently is so in specification 003. */
const HOST_FIELDS: ReadonlyMap<string, HostField> = new Map([
  ['cpu', 'cpu'],
  ['mem', 'memory'],
  ['disk', 'disk'],
  ['swap', 'swap'],
  ['load1', 'load1'],
  ['load5', 'load5'],
  ['load15', 'load15'],
  ['net_rx', 'net_rx'],
  ['net_tx', 'net_tx'],
  ['disk_read', 'disk_read'],
  ['disk_write', 'disk_write'],
  ['temperature', 'temperature'],
  ['uptime', 'uptime_s'],
]);

export function deriveInfraStatus(messages: readonly NewestMessage[], facts: InfraFacts): InfraStatus {
  const hosts = deriveHosts(messages, facts);
  const collectedAt = newestTime(messages.map(({ data }) => data.time));
  return {
    host: hosts[0] ?? unknownHost(null),
    hosts,
    containers: deriveContainers(messages, facts),
    databases: deriveDatabases(messages, facts),
    collected_at: collectedAt,
    origin: facts.origin,
    age_s: collectedAt === null ? null : Math.max(0, facts.nowMs - Date.parse(collectedAt)) / 1000,
  };
}

function deriveHosts(messages: readonly NewestMessage[], { nowMs, limits }: InfraFacts): HostState[] {
  const hosts = new Map<string, HostState>();
  for (const { data } of messages.filter(isHostMetric)) {
    const field = HOST_FIELDS.get(data.metric_type);
    if (field === undefined) continue;
    const name = data.meta.host ?? '';
    const host = hosts.get(name) ?? unknownHost(data.meta.host ?? null);
    const isStale = (data.meta.stale_s ?? 0) > 0 || isOld(data.time, nowMs, limits.staleMs);
    hosts.set(name, {
      ...host,
      [field]: data.value,
      collected_at: newestTime([host.collected_at, data.time]),
      stale_fields: isStale ? [...host.stale_fields, field] : host.stale_fields,
    });
  }
  return [...hosts.values()].sort((a, b) => compare(a.name ?? '', b.name ?? ''));
}

/** Of the whole machine: mounts and cores have series of their own beside it. */
function isHostMetric(message: NewestMessage): message is SystemMetric {
  if (message.type !== 'system_metric' || message.data.source !== 'host') return false;
  return message.data.meta.mount === undefined && message.data.meta.core === undefined;
}

function unknownHost(name: string | null): HostState {
  return {
    name,
    cpu: null,
    memory: null,
    disk: null,
    swap: null,
    load1: null,
    load5: null,
    load15: null,
    net_rx: null,
    net_tx: null,
    disk_read: null,
    disk_write: null,
    temperature: null,
    uptime_s: null,
    collected_at: null,
    stale_fields: [],
  };
}

function deriveContainers(messages: readonly NewestMessage[], facts: InfraFacts): InfraContainer[] {
  const { nowMs, limits } = facts;
  const values = new Map<string, number>();
  for (const message of messages) {
    if (message.type !== 'system_metric' || message.data.source !== 'container') continue;
    const { time, metric_type, value, meta } = message.data;
    const isCurrent = meta.stale_s === undefined && !isOld(time, nowMs, limits.staleMs);
    if (isCurrent) values.set(keyOf(meta.host, meta.container, metric_type), value);
  }
  return messages
    .filter((message): message is ContainerStatus => message.type === 'container_status')
    .map(({ data }) => {
      const read = (metric: string) =>
        data.status === 'running' ? (values.get(keyOf(data.host, data.container, metric)) ?? null) : null;
      return {
        name: data.container,
        host: data.host ?? null,
        image: data.image ?? null,
        status: data.status,
        health: data.health ?? null,
        cpu_percent: read('cpu'),
        mem_bytes: read('mem_bytes'),
        mem_percent: read('mem'),
        started_at: data.started_at ?? null,
        stale: isOld(data.time, nowMs, limits.containerStaleMs),
      };
    })
    .sort((a, b) => compare(a.host ?? '', b.host ?? '') || compare(a.name, b.name));
}

function deriveDatabases(messages: readonly NewestMessage[], { nowMs, limits }: InfraFacts) {
  return messages
    .filter((message): message is DatabaseStatus => message.type === 'database_status')
    .map(({ data }) => ({ ...data, stale: isOld(data.time, nowMs, limits.staleMs) }))
    .sort((a, b) => compare(a.host ?? '', b.host ?? '') || compare(a.name, b.name));
}

function isOld(time: string, nowMs: number, limitMs: number): boolean {
  return nowMs - Date.parse(time) > limitMs;
}

function newestTime(times: readonly (string | null)[]): string | null {
  return times.reduce(
    (newest, time) =>
      time !== null && (newest === null || Date.parse(time) > Date.parse(newest)) ? time : newest,
    null,
  );
}

function keyOf(host: string | undefined, container: string | undefined, metric: string): string {
  return JSON.stringify([host ?? '', container ?? '', metric]);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
