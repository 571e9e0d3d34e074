/** Alerts that fired in a range of time. */
import { ALERT_STATES, SEVERITIES } from '@pulsewire/shared-schema';
import {
  createConditions,
  epochMs,
  readNumber,
  readNumberOrNull,
  readText,
  readTextOrNull,
} from './columns.js';
import type { Queryable, Row } from './database.js';
import { readSource } from './query-series.js';
import type { AlertRecord, AlertsRequest, Page } from './subjects.js';

export async function queryAlerts(session: Queryable, request: AlertsRequest): Promise<Page<AlertRecord>> {
  const conditions = createConditions();
  conditions.add('started_at < to_timestamp(?::float8 / 1000)', request.toMs);
  conditions.add("coalesce(resolved_at, 'infinity') >= to_timestamp(?::float8 / 1000)", request.fromMs);
  conditions.add('state = ?', request.state);
  conditions.add('host = ?', request.host);
  conditions.add('container = ?', request.container);
  const where = conditions.where();
  const counted = await session.query(`select count(*)::float8 as total from alerts ${where}`, [
    ...conditions.values,
  ]);
  const page = `limit ${conditions.value(request.limit)} offset ${conditions.value(request.offset ?? 0)}`;
  const rows = await session.query(
    `select alert_id, rule, state, severity, metric_type, source, host, container, container_id, mount, core,
       value, threshold, message, ${epochMs('started_at')} as started_ms, ${epochMs('resolved_at')} as resolved_ms,
       ${epochMs('time')} as time_ms
     from alerts ${where} order by started_at desc, alert_id ${page}`,
    conditions.values,
  );
  return { rows: rows.map(readAlert), total: counted[0] === undefined ? 0 : readNumber(counted[0], 'total') };
}

function readAlert(row: Row): AlertRecord {
  return {
    alertId: readText(row, 'alert_id'),
    rule: readText(row, 'rule'),
    state: ALERT_STATES.find((state) => state === row['state']) ?? 'resolved',
    severity: SEVERITIES.find((severity) => severity === row['severity']) ?? 'warning',
    metricType: readText(row, 'metric_type'),
    source: readSource(row),
    host: readText(row, 'host'),
    container: readTextOrNull(row, 'container'),
    containerId: readTextOrNull(row, 'container_id'),
    mount: readTextOrNull(row, 'mount'),
    core: readNumberOrNull(row, 'core'),
    value: readNumber(row, 'value'),
    threshold: readNumber(row, 'threshold'),
    message: readText(row, 'message'),
    startedAtMs: readNumber(row, 'started_ms'),
    resolvedAtMs: readNumberOrNull(row, 'resolved_ms'),
    timeMs: readNumber(row, 'time_ms'),
  };
}
