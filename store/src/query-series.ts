/** Which series exist, and the newest value of each. */
import { METRIC_SOURCES, type MetricSource } from '@pulsewire/shared-schema';
import {
  createConditions,
  epochMs,
  readNumber,
  readNumberOrNull,
  readText,
  readTextOrNull,
} from './columns.js';
import type { Queryable, Row } from './database.js';
import type { LatestValue, Series, SeriesFilter } from './subjects.js';

const COLUMNS = `s.id, s.key, s.metric_type, s.source, s.host, s.container, s.mount, s.core, s.unit,
  ${epochMs('s.first_seen')} as first_seen_ms, ${epochMs('s.last_seen')} as last_seen_ms`;

/** In order of their keys. */
export async function querySeries(session: Queryable, filter: SeriesFilter = {}): Promise<Series[]> {
  const conditions = seriesConditions(filter);
  const rows = await session.query(
    `select ${COLUMNS} from series s ${conditions.where()} order by s.key`,
    conditions.values,
  );
  return rows.map(readSeries);
}

/** Series without any sample left are not in it. */
export async function queryLatest(session: Queryable, filter: SeriesFilter = {}): Promise<LatestValue[]> {
  const conditions = seriesConditions(filter);
  const rows = await session.query(
    `select ${COLUMNS}, ${epochMs('l.time')} as time_ms, l.value,
       case jsonb_typeof(l.meta->'stale_s') when 'number' then (l.meta->>'stale_s')::float8 else 0 end as stale_s
     from series s cross join lateral (
       select time, value, meta from system_metrics where series_id = s.id order by time desc limit 1
     ) l ${conditions.where()} order by s.key`,
    conditions.values,
  );
  return rows.map((row) => ({
    series: readSeries(row),
    timeMs: readNumber(row, 'time_ms'),
    value: readNumber(row, 'value'),
    staleMs: readNumber(row, 'stale_s') * 1000,
  }));
}

function seriesConditions(filter: SeriesFilter) {
  const conditions = createConditions();
  conditions.add('s.key = ?', filter.key);
  conditions.add('s.metric_type = ?', filter.metricType);
  conditions.add('s.source = ?', filter.source);
  conditions.add('s.host = ?', filter.host);
  conditions.add('s.container = ?', filter.container);
  conditions.add('s.mount = ?', filter.mount);
  conditions.add('s.core = ?', filter.core);
  return conditions;
}

function readSeries(row: Row): Series {
  return {
    id: readNumber(row, 'id'),
    key: readText(row, 'key'),
    metricType: readText(row, 'metric_type'),
    source: readSource(row),
    host: readTextOrNull(row, 'host'),
    container: readTextOrNull(row, 'container'),
    mount: readTextOrNull(row, 'mount'),
    core: readNumberOrNull(row, 'core'),
    unit: readTextOrNull(row, 'unit'),
    firstSeenMs: readNumber(row, 'first_seen_ms'),
    lastSeenMs: readNumber(row, 'last_seen_ms'),
  };
}

/** The table's own check allows no other word. */
export function readSource(row: Row): MetricSource {
  return METRIC_SOURCES.find((source) => source === row['source']) ?? 'host';
}
