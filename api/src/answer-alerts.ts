/** Alerts that fired at some time of a range, newest first. */
import { isoTime } from '@pulsewire/runtime';
import {
  type AlertEntry,
  type AlertList,
  type AlertsQuery,
  REST_LIMITS,
} from '@pulsewire/shared-schema/rest';
import { type AlertRecord, queryAlerts } from '@pulsewire/store';
import { askDatabase } from './ask-database.js';
import { derivePagination, readPage } from './page.js';
import { answerWith, type Outcome } from './problem.js';
import type { RouteContext } from './routes.js';
import { readRange } from './time-range.js';

export async function answerAlerts(query: AlertsQuery, context: RouteContext): Promise<Outcome<AlertList>> {
  const range = readRange(query, {
    nowMs: context.clock.nowMs(),
    lengthMs: REST_LIMITS.defaultEventsRangeMs,
  });
  if (!range.ok) return range;
  const page = readPage(query);
  const { state, host, container } = query;
  const found = await askDatabase(context, (session) =>
    queryAlerts(session, {
      ...range.body,
      ...(state === undefined ? {} : { state }),
      ...(host === undefined ? {} : { host }),
      ...(container === undefined ? {} : { container }),
      limit: page.limit,
      offset: page.offset,
    }),
  );
  if (!found.ok) return found;
  const { rows, total } = found.body;
  return answerWith({ data: rows.map(renderAlert), pagination: derivePagination(page, total) });
}

function renderAlert(alert: AlertRecord): AlertEntry {
  const { container, containerId, mount, core } = alert;
  return {
    alert_id: alert.alertId,
    rule: alert.rule,
    state: alert.state,
    severity: alert.severity,
    metric_type: alert.metricType,
    source: alert.source,
    value: alert.value,
    threshold: alert.threshold,
    message: alert.message,
    host: alert.host,
    ...(container === null ? {} : { container }),
    ...(containerId === null ? {} : { container_id: containerId }),
    ...(mount === null ? {} : { mount }),
    ...(core === null ? {} : { core }),
    time: isoTime(alert.timeMs),
    started_at: isoTime(alert.startedAtMs),
    resolved_at: isoTimeOrNull(alert.resolvedAtMs),
  };
}

function isoTimeOrNull(timeMs: number | null): string | null {
  return timeMs === null ? null : isoTime(timeMs);
}
