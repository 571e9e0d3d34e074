/** The body of `GET /api/status` from what the store knows. Source: contracts.md §4, specification 000 §3. */
import { isoTime } from '@pulsewire/runtime';
import {
  BRIDGE_LIMITS,
  type HostFigures,
  type StatusBody,
  type StatusOfHost,
  type StatusOfService,
} from '@pulsewire/shared-schema';
import type { ContainerState, LatestValue } from '@pulsewire/store';

export interface StatusFacts {
  /** The newest value of every series of the hosts. */
  latest: readonly LatestValue[];
  containers: readonly ContainerState[];
}

type Figure = 'cpu' | 'memory' | 'disk';
interface Host {
  name: string | null;
  figures: Partial<Record<Figure, number>>;
  newestMs: number;
}

const FIGURE_OF: Readonly<Record<string, Figure>> = { cpu: 'cpu', mem: 'memory', disk: 'disk' };
const FIGURES: readonly Figure[] = ['cpu', 'memory', 'disk'];

export function deriveStatus(facts: StatusFacts, nowMs: number): StatusBody {
  const hosts = collectHosts(facts.latest);
  const newestMs = Math.max(...hosts.map((host) => host.newestMs), Number.NEGATIVE_INFINITY);
  // A host that went away must not shape the figures of those that are there.
  const current = hosts.filter((host) => host.newestMs >= newestMs - BRIDGE_LIMITS.staleMs);
  return {
    infrastructure: figuresOf(current),
    services: facts.containers.map((container) => serviceOf(container, nowMs)),
    stale: isStale(newestMs, nowMs),
    hosts: hosts.map((host) => statusOfHost(host, nowMs)),
  };
}

/** Series of single cores and mounts are left out: `cpu` is of all cores, `disk` of the fullest mount. */
function collectHosts(latest: readonly LatestValue[]): Host[] {
  const hosts = new Map<string | null, Host>();
  for (const { series, timeMs, value } of latest) {
    const figure = FIGURE_OF[series.metricType];
    if (figure === undefined || series.source !== 'host' || series.core !== null || series.mount !== null)
      continue;
    const host = hosts.get(series.host) ?? { name: series.host, figures: {}, newestMs: timeMs };
    host.figures[figure] = value;
    host.newestMs = Math.max(host.newestMs, timeMs);
    hosts.set(series.host, host);
  }
  return [...hosts.values()].sort((a, b) => ((a.name ?? '') < (b.name ?? '') ? -1 : 1));
}

function statusOfHost(host: Host, nowMs: number): StatusOfHost {
  return { host: host.name, ...figuresOf([host]), stale: isStale(host.newestMs, nowMs) };
}

function figuresOf(hosts: readonly Host[]): HostFigures {
  const [cpu = null, memory = null, disk = null] = FIGURES.map((figure) => highest(hosts, figure));
  const last = hosts.length === 0 ? null : Math.max(...hosts.map((host) => host.newestMs));
  return { cpu, memory, disk, last_updated: last === null ? null : isoTime(last) };
}

function highest(hosts: readonly Host[], figure: Figure): number | null {
  const values = hosts.flatMap(({ figures }) => figures[figure] ?? []);
  return values.length === 0 ? null : Math.max(...values);
}

function serviceOf(container: ContainerState, nowMs: number): StatusOfService {
  const { name, host, status, health, lastSeenMs } = container;
  return {
    name,
    status,
    uptime_val: status === 'running' ? 1 : 0,
    last_seen: isoTime(lastSeenMs),
    host,
    health,
    stale: nowMs - lastSeenMs > BRIDGE_LIMITS.serviceStaleMs,
  };
}

function isStale(newestMs: number, nowMs: number): boolean {
  return nowMs - newestMs > BRIDGE_LIMITS.staleMs;
}
