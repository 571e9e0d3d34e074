/** Alerts: one row each, from the first message about it to the last. */
import type { Alert } from '@pulsewire/shared-schema';
import type { Queryable } from './database.js';

/** A message that is older than what is known only adds what is missing: alerts may be told again, and late. */
const UPSERT = `insert into alerts as a (alert_id, rule, state, severity, metric_type, source, host, container,
    container_id, mount, core, value, threshold, message, started_at, resolved_at, time)
  select x.alert_id, x.rule, x.state, x.severity, x.metric_type, x.source, x.host, x.container, x.container_id,
    x.mount, x.core, x.value, x.threshold, x.message, x.started_at,
    case when x.state = 'resolved' then x.time end, x.time
  from json_to_recordset($1::json) as x(alert_id text, rule text, state text, severity text, metric_type text,
    source text, host text, container text, container_id text, mount text, core integer, value float8,
    threshold float8, message text, started_at timestamptz, time timestamptz)
  on conflict (alert_id) do update set
    state = excluded.state, severity = excluded.severity, value = excluded.value, message = excluded.message,
    started_at = least(a.started_at, excluded.started_at), resolved_at = excluded.resolved_at,
    time = excluded.time
  where excluded.time >= a.time and not (a.state = 'resolved' and excluded.state = 'firing'
    and excluded.time = a.time)`;

export async function recordAlerts(session: Queryable, alerts: readonly Alert['data'][]): Promise<void> {
  // One statement may touch a row once only.
  for (const batch of splitByKey(alerts, ({ alert_id }) => alert_id))
    await session.query(UPSERT, [JSON.stringify(batch)]);
}

/** Runs of rows in which no key comes twice, in the order given. */
export function splitByKey<T>(rows: readonly T[], keyOf: (row: T) => string): T[][] {
  const runs: T[][] = [];
  const places = new Map<string, number>();
  for (const row of rows) {
    const place = places.get(keyOf(row)) ?? 0;
    places.set(keyOf(row), place + 1);
    const run = runs[place];
    if (run === undefined) runs.push([row]);
    else run.push(row);
  }
  return runs;
}
