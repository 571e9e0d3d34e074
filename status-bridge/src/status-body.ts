/** The body of `GET /api/status` from what the store knows. Source: contracts.md §4, specification 000 §3. */
import { isoTime } from '@pulsewire/runtime';
import {
  BRIDGE_LIMITS,
  type FigureName,
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

interface Figure {
  value: number;
  /** When it was measured: before its sample, where the collector hung. */
  measuredMs: number;
}
interface Host {
  name: string | null;
  figures: Partial<Record<FigureName, Figure>>;
  newestMs: number;
}

const FIGURE_OF: Readonly<Record<string, FigureName>> = { cpu: 'cpu', mem: 'memory', disk: 'disk' };
const FIGURES: readonly FigureName[] = ['cpu', 'memory', 'disk'];

export function deriveStatus(facts: StatusFacts, nowMs: number): StatusBody {
  const hosts = collectHosts(facts.latest);
  // A clock that is ahead must not make the others look late.
  const heardMs = (host: Host) => Math.min(host.newestMs, nowMs);
  const newestMs = Math.max(...hosts.map(heardMs), Number.NEGATIVE_INFINITY);
  // A host that went away must not shape the figures of those that are there.
  const current = hosts.filter((host) => heardMs(host) >= newestMs - BRIDGE_LIMITS.staleMs);
  return {
    infrastructure: figuresOf(current, nowMs),
    services: facts.containers.map((container) => serviceOf(container, nowMs)),
    stale: isStale(newestMs, nowMs),
    hosts: hosts.map((host) => statusOfHost(host, nowMs)),
  };
}

/** Series of single cores and mounts are left out: `cpu` is of all cores, `disk` of the fullest mount. */
function collectHosts(latest: readonly LatestValue[]): Host[] {
  const hosts = new Map<string | null, Host>();
  for (const { series, timeMs, value, staleMs } of latest) {
    const figure = FIGURE_OF[series.metricType];
    if (figure === undefined || series.source !== 'host' || series.core !== null || series.mount !== null)
      continue;
    const measuredMs = timeMs - staleMs;
    const host = hosts.get(series.host) ?? { name: series.host, figures: {}, newestMs: measuredMs };
    host.figures[figure] = { value, measuredMs };
    host.newestMs = Math.max(host.newestMs, measuredMs);
    hosts.set(series.host, host);
  }
  return [...hosts.values()].sort((a, b) => ((a.name ?? '') < (b.name ?? '') ? -1 : 1));
}

function statusOfHost(host: Host, nowMs: number): StatusOfHost {
  return { host: host.name, ...figuresOf([host], nowMs), stale: isStale(host.newestMs, nowMs) };
}

function figuresOf(hosts: readonly Host[], nowMs: number): HostFigures {
  const chosen = new Map(FIGURES.map((name) => [name, highest(hosts, name, nowMs)]));
  const last = hosts.length === 0 ? null : Math.max(...hosts.map((host) => host.newestMs));
  return {
    cpu: chosen.get('cpu')?.value ?? null,
    memory: chosen.get('memory')?.value ?? null,
    disk: chosen.get('disk')?.value ?? null,
    last_updated: last === null ? null : isoTime(last),
    stale_fields: FIGURES.filter((name) => isStale(chosen.get(name)?.measuredMs ?? nowMs, nowMs)),
  };
}

/** Of those that are fresh, where there are any. */
function highest(hosts: readonly Host[], name: FigureName, nowMs: number): Figure | undefined {
  const all = hosts.flatMap(({ figures }) => figures[name] ?? []);
  const fresh = all.filter(({ measuredMs }) => !isStale(measuredMs, nowMs));
  return (fresh.length > 0 ? fresh : all).sort((a, b) => b.value - a.value)[0];
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

function isStale(measuredMs: number, nowMs: number): boolean {
  return nowMs - measuredMs > BRIDGE_LIMITS.staleMs;
}
