/** Alerts and container events as marks on a time axis. Epoch milliseconds. */
import type { Alert, ContainerHealth, ContainerStatusName } from '@pulsewire/shared-schema';
import type { AlertEntry, ContainerEventEntry } from '@pulsewire/shared-schema/rest';
import type { Span } from './range.js';

export interface AlertMark {
  readonly kind: 'alert';
  readonly timeMs: number;
  readonly phase: 'began' | 'ended';
  readonly data: Alert['data'];
}
export interface ContainerMark {
  readonly kind: 'container';
  readonly timeMs: number;
  readonly container: string;
  readonly host: string | null;
  readonly what: ContainerStatusName | 'removed' | 'unhealthy' | 'healthy';
  readonly exitCode: number | null;
}
export type Mark = AlertMark | ContainerMark;

/** Marks that would lie upon each other, as one. */
export interface MarkCluster {
  readonly timeMs: number;
  readonly marks: readonly Mark[];
}

const TOLD_HEALTHS: readonly (ContainerHealth | null)[] = ['healthy', 'unhealthy'];

/** In order of time; what happened outside of the span is left out. */
export function deriveMarks(
  alerts: readonly AlertEntry[],
  events: readonly ContainerEventEntry[],
  span: Span,
): readonly Mark[] {
  return [...alerts.flatMap(alertMarks), ...events.flatMap(containerMarks)]
    .filter(({ timeMs }) => timeMs >= span.fromMs && timeMs <= span.toMs)
    .sort((a, b) => a.timeMs - b.timeMs);
}

function alertMarks(entry: AlertEntry): Mark[] {
  const began: Mark = {
    kind: 'alert',
    timeMs: Date.parse(entry.started_at),
    phase: 'began',
    data: { ...entry, state: 'firing', message: firingMessage(entry) },
  };
  if (entry.resolved_at === null) return [began];
  return [began, { kind: 'alert', timeMs: Date.parse(entry.resolved_at), phase: 'ended', data: entry }];
}

/** What an alert said when it began is kept only while it fires; afterwards its rule tells what it was. */
export function firingMessage({ state, message, rule, container }: AlertEntry): string {
  if (state === 'firing') return message;
  return container === undefined ? rule : `${rule}: ${container}`;
}

/** The first that was heard of a container is no event: it may have run for months. */
function containerMarks(entry: ContainerEventEntry): Mark[] {
  const changed = entry.previous !== null && entry.previous !== entry.status;
  const told = entry.health === 'healthy' || entry.health === 'unhealthy' ? entry.health : null;
  if (!entry.removed && !changed && (entry.previous === null || !TOLD_HEALTHS.includes(told))) return [];
  return [
    {
      kind: 'container',
      timeMs: Date.parse(entry.time),
      container: entry.container,
      host: entry.host,
      what: entry.removed ? 'removed' : changed ? entry.status : (told ?? entry.status),
      exitCode: entry.status === 'exited' || entry.status === 'dead' ? entry.exit_code : null,
    },
  ];
}

/** Marks nearer to each other than `nearMs` become one, at the time of the first. `marks` are in order of time. */
export function clusterMarks(marks: readonly Mark[], nearMs: number): readonly MarkCluster[] {
  const clusters: { timeMs: number; marks: Mark[] }[] = [];
  for (const mark of marks) {
    const last = clusters.at(-1);
    if (last !== undefined && mark.timeMs - last.timeMs < nearMs) last.marks.push(mark);
    else clusters.push({ timeMs: mark.timeMs, marks: [mark] });
  }
  return clusters;
}

/** What a cluster looks like: its worst mark. */
export type MarkTone = 'critical' | 'warning' | 'neutral';
export const MARK_ICONS = {
  critical: 'octagon',
  warning: 'triangle',
  neutral: 'dot',
} as const satisfies Record<MarkTone, string>;

export function toneOf({ marks }: Pick<MarkCluster, 'marks'>): MarkTone {
  const tones = marks.map(toneOfMark);
  return tones.includes('critical') ? 'critical' : tones.includes('warning') ? 'warning' : 'neutral';
}

function toneOfMark(mark: Mark): MarkTone {
  if (mark.kind === 'alert') return mark.phase === 'ended' ? 'neutral' : mark.data.severity;
  if (mark.what === 'dead' || mark.what === 'unhealthy') return 'critical';
  return mark.what === 'exited' && mark.exitCode !== 0 ? 'critical' : 'neutral';
}
