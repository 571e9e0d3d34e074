/** Asks for what happened within a span. */
import {
  type AlertEntry,
  type ContainerEventEntry,
  REST_LIMITS,
  REST_PATHS,
} from '@pulsewire/shared-schema/rest';
import { pageThrough } from '../../rest/page-through.js';
import { readAlerts, readContainerEvents } from '../../rest/read-body.js';
import { type RestAnswer, type RestClient, unlessRefused } from '../../rest/rest-client.js';
import type { Span } from './range.js';

export interface Happenings {
  readonly alerts: readonly AlertEntry[];
  readonly events: readonly ContainerEventEntry[];
  /** There were more than a chart could show; the newest are here. */
  readonly truncated: boolean;
  /** The key may not read some of what happens. */
  readonly refused: boolean;
}

/** More marks than these would be a wall. */
const ALERT_PAGES = 3;

export async function loadHappenings(
  client: RestClient,
  { fromMs, toMs }: Span,
  signal: AbortSignal,
): Promise<RestAnswer<Happenings>> {
  const range = { from: Math.round(fromMs), to: Math.round(toMs) };
  const answers = await Promise.all([
    pageThrough(client, {
      path: REST_PATHS.alerts,
      query: range,
      read: readAlerts,
      maxPages: ALERT_PAGES,
      signal,
    }),
    client.get(
      REST_PATHS.containerEvents,
      { ...range, limit: REST_LIMITS.rows },
      readContainerEvents,
      signal,
    ),
  ]);
  const alerts = unlessRefused(answers[0], []);
  const events = unlessRefused(answers[1], { data: [], truncated: false });
  if (!alerts.ok) return alerts;
  if (!events.ok) return events;
  const refused = answers.some((answer) => !answer.ok);
  const truncated = events.data.truncated || alerts.data.length >= ALERT_PAGES * REST_LIMITS.rows;
  return { ok: true, data: { alerts: alerts.data, events: events.data.data, truncated, refused } };
}
