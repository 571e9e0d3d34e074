/**
 * What was recorded, as the messages that told it then: so that a replay is the same page over other messages.
 * Epoch milliseconds.
 */
import type { BusMessage, ContainerStatus, SystemMetric } from '@pulsewire/shared-schema';
import type {
  AlertEntry,
  ContainerEntry,
  ContainerEventEntry,
  HistorySeries,
} from '@pulsewire/shared-schema/rest';
import { firingMessage } from '../marks.js';
import type { Span } from '../range.js';

export interface TimedMessage {
  readonly timeMs: number;
  readonly message: BusMessage;
}

export interface Recording {
  readonly series: readonly (HistorySeries & { readonly resolutionMs: number })[];
  readonly alerts: readonly AlertEntry[];
  /** As they are today. */
  readonly containers: readonly ContainerEntry[];
  /** From the beginning of the recording until today, as far as they could be had; in any order. */
  readonly events: readonly ContainerEventEntry[];
  /** There were more of them, so that the status of some containers is not known. */
  readonly lacksEvents: boolean;
  /** What the key may not read. */
  readonly refused: readonly ('alerts' | 'containers')[];
}

/** A status is told again so often, as sentinels do: otherwise it would become stale. */
const STATUS_REPEAT_MS = 25_000;
/** An average of a longer stretch holds for all of it, and is told again within it. */
const SAMPLE_REPEAT_MS = 4000;

/** In order of time, from the beginning of the span to its end. */
export function deriveReplay(recording: Recording, span: Span): readonly TimedMessage[] {
  return [
    ...recording.series.flatMap((series) => sampleMessages(series)),
    ...recording.alerts.flatMap((entry) => alertMessages(entry, span.fromMs)),
    ...containerMessages(recording, span),
  ]
    .filter(({ timeMs }) => timeMs >= span.fromMs && timeMs <= span.toMs)
    .sort((a, b) => a.timeMs - b.timeMs);
}

function sampleMessages(series: Recording['series'][number]): TimedMessage[] {
  const { metric_type, source, unit, host, container, mount, core, points, resolutionMs } = series;
  const meta: SystemMetric['data']['meta'] = {
    ...(unit === null ? {} : { unit }),
    ...(host === null ? {} : { host }),
    ...(container === null ? {} : { container }),
    ...(mount === null ? {} : { mount }),
    ...(core === null ? {} : { core }),
  };
  const stepMs = Math.min(resolutionMs, SAMPLE_REPEAT_MS);
  const repeats = resolutionMs > SAMPLE_REPEAT_MS ? Math.floor(resolutionMs / stepMs) : 1;
  return points.flatMap(([pointMs, , value]) =>
    Array.from({ length: repeats }, (_, index): TimedMessage => {
      const timeMs = pointMs + index * stepMs;
      return {
        timeMs,
        message: { type: 'system_metric', data: { time: iso(timeMs), metric_type, source, value, meta } },
      };
    }),
  );
}

/** An alert that began before the span is told at its beginning, whenever that was. */
function alertMessages(entry: AlertEntry, fromMs: number): TimedMessage[] {
  const { resolved_at, ...data } = entry;
  const message = firingMessage(entry);
  const firing: TimedMessage = {
    timeMs: Math.max(fromMs, Date.parse(data.started_at)),
    message: { type: 'alert', data: { ...data, message, state: 'firing', time: data.started_at } },
  };
  if (resolved_at === null) return [firing];
  const resolved: TimedMessage = {
    timeMs: Date.parse(resolved_at),
    message: { type: 'alert', data: { ...data, state: 'resolved', time: resolved_at } },
  };
  return [firing, resolved];
}

interface Phase {
  readonly fromMs: number;
  readonly status: ContainerStatus['data']['status'];
  readonly health: ContainerStatus['data']['health'];
  readonly exitCode: number | null;
  readonly startedAt: string | null;
  readonly removed: boolean;
}

function containerMessages({ containers, events }: Recording, span: Span): TimedMessage[] {
  const names = new Map<string, { host: string | null; name: string; entry: ContainerEntry | null }>();
  for (const entry of containers) names.set(keyOf(entry.host, entry.name), { ...entry, entry });
  for (const { host, container } of events) {
    const key = keyOf(host, container);
    if (!names.has(key)) names.set(key, { host, name: container, entry: null });
  }
  return [...names].flatMap(([key, { host, name, entry }]) => {
    const own = events.filter((event) => keyOf(event.host, event.container) === key);
    const phases = derivePhases(own, entry, span.fromMs);
    return phases.flatMap((phase, index) =>
      phaseMessages(phase, phases[index + 1]?.fromMs ?? span.toMs, host, name, entry?.image ?? null),
    );
  });
}

/**
 * What a container went through. Its state at the beginning is what its first event says was before; without any
 * event it is today's, if that has lasted since.
 */
function derivePhases(
  events: readonly ContainerEventEntry[],
  entry: ContainerEntry | null,
  fromMs: number,
): readonly Phase[] {
  const sorted = events.toSorted((a, b) => Date.parse(a.time) - Date.parse(b.time));
  const later = sorted.filter((event) => Date.parse(event.time) > fromMs);
  const [first] = later;
  const phases: Phase[] = [];
  const startedAt = entry?.started_at ?? null;
  const wasRunningSince = startedAt !== null && Date.parse(startedAt) <= fromMs ? startedAt : null;
  if (first === undefined) {
    if (entry === null || Date.parse(entry.status_since) > fromMs) return [];
    const { status, health, exit_code: exitCode } = entry;
    return [
      { fromMs, status, health: health ?? 'none', exitCode, startedAt: wasRunningSince, removed: false },
    ];
  }
  if (first.previous !== null)
    phases.push({
      fromMs,
      status: first.previous,
      health: 'none',
      exitCode: null,
      startedAt: wasRunningSince,
      removed: false,
    });
  for (const event of later)
    phases.push({
      fromMs: Date.parse(event.time),
      status: event.status,
      health: event.health ?? 'none',
      exitCode: event.exit_code,
      startedAt: event.status === 'running' && event.previous !== 'running' ? event.time : wasRunningSince,
      removed: event.removed,
    });
  return phases;
}

function phaseMessages(
  { fromMs, status, health, exitCode, startedAt, removed }: Phase,
  untilMs: number,
  host: string | null,
  container: string,
  image: string | null,
): TimedMessage[] {
  const count = removed ? 1 : Math.max(1, Math.ceil((untilMs - fromMs) / STATUS_REPEAT_MS));
  return Array.from({ length: count }, (_, index): TimedMessage => {
    const timeMs = fromMs + index * STATUS_REPEAT_MS;
    const data: ContainerStatus['data'] = {
      container,
      status,
      time: iso(timeMs),
      exit_code: exitCode,
      started_at: startedAt,
      ...(health === undefined ? {} : { health }),
      ...(host === null ? {} : { host }),
      ...(image === null ? {} : { image }),
      ...(removed ? { removed } : {}),
    };
    return { timeMs, message: { type: 'container_status', data } };
  });
}

function keyOf(host: string | null, name: string): string {
  return `${host ?? ''}\u0000${name}`;
}

function iso(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
