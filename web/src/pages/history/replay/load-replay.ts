/** Asks for everything that the dashboard showed around a moment. */
import { CONTAINER_METRIC_UNITS, HOST_METRIC_UNITS } from '@pulsewire/shared-schema';
import { REST_PATHS } from '@pulsewire/shared-schema/rest';
import { pageThrough } from '../../../rest/page-through.js';
import { readAlerts, readContainers, readMetrics } from '../../../rest/read-body.js';
import { type RestAnswer, type RestClient, unlessRefused } from '../../../rest/rest-client.js';
import type { Span } from '../range.js';
import { type LoadedEvents, loadContainerEvents } from './load-events.js';
import type { Recording } from './replay-messages.js';

/** Played on either side of the moment. */
export const REPLAY_SIDE_MS = 5 * 60_000;
/** Charts show so much before the beginning. */
export const LEAD_MS = 5 * 60_000;
/** A point a second. */
const POINTS = 1000;
const LIST_PAGES = 5;
const EVENT_PAGES = 20;
const NO_EVENTS: LoadedEvents = { events: [], isCut: false };
const QUESTIONS = [
  ...Object.keys(HOST_METRIC_UNITS).map((metric_type) => ({ source: 'host', metric_type })),
  ...Object.keys(CONTAINER_METRIC_UNITS).map((metric_type) => ({ source: 'container', metric_type })),
];

/** The played span; of the future nothing is asked. */
export function deriveReplaySpan(momentMs: number, nowMs: number): Span {
  const toMs = Math.min(momentMs + REPLAY_SIDE_MS, Math.max(nowMs, momentMs));
  return { fromMs: momentMs - REPLAY_SIDE_MS, toMs };
}

/** All of it that the key may read, or the first failure. */
export async function loadRecording(
  client: RestClient,
  span: Span,
  nowMs: number,
  signal: AbortSignal,
): Promise<RestAnswer<Recording>> {
  const range = { from: Math.round(span.fromMs - LEAD_MS), to: Math.round(span.toMs) };
  const [alertAnswer, containerAnswer, eventAnswer, laterAnswer, ...metrics] = await Promise.all([
    pageThrough(client, {
      path: REST_PATHS.alerts,
      query: range,
      read: readAlerts,
      maxPages: LIST_PAGES,
      signal,
    }),
    pageThrough(client, {
      path: REST_PATHS.containers,
      query: {},
      read: readContainers,
      maxPages: LIST_PAGES,
      signal,
    }),
    loadContainerEvents(client, { fromMs: range.from, toMs: range.to }, EVENT_PAGES, signal),
    // What happened first after the span tells what was before it.
    loadContainerEvents(client, { fromMs: range.to, toMs: nowMs }, EVENT_PAGES, signal),
    ...QUESTIONS.map((question) =>
      client.get(REST_PATHS.metrics, { ...question, ...range, points: POINTS }, readMetrics, signal),
    ),
  ]);
  const alerts = unlessRefused(alertAnswer, []);
  const containers = unlessRefused(containerAnswer, []);
  const events = unlessRefused(eventAnswer, NO_EVENTS);
  const later = unlessRefused(laterAnswer, NO_EVENTS);
  if (!alerts.ok) return alerts;
  if (!containers.ok) return containers;
  if (!events.ok) return events;
  if (!later.ok) return later;
  const series: Recording['series'][number][] = [];
  for (const answer of metrics) {
    if (!answer.ok) return answer;
    const resolutionMs = answer.data.resolution_s * 1000;
    series.push(...answer.data.series.map((one) => ({ ...one, resolutionMs })));
  }
  return {
    ok: true,
    data: {
      series,
      alerts: alerts.data,
      containers: containers.data,
      // Of too many later ones the first are not among those that could be had, and they are what would count.
      events: [...events.data.events, ...(later.data.isCut ? [] : later.data.events)],
      refused: [
        ...(alertAnswer.ok ? [] : (['alerts'] as const)),
        ...(containerAnswer.ok && eventAnswer.ok && laterAnswer.ok ? [] : (['containers'] as const)),
      ],
      lacksEvents: events.data.isCut || later.data.isCut,
    },
  };
}
