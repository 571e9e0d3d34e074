/** History as curves: at most as many points as asked for, whatever the range, with gaps as gaps. */
import { epochMs, readNumber, readText } from './columns.js';
import type { Database, Queryable, Row } from './database.js';
import { deriveGaps, intersectGaps, medianInterval, type Span } from './gaps.js';
import { LAYERS, type Layer, ROLL_UPS } from './layers.js';
import { querySeries } from './query-series.js';
import { pickResolution, type Resolution } from './resolution.js';
import type { MetricsAnswer, MetricsRequest, Series, SeriesPoints } from './subjects.js';

interface LayerFacts {
  /** By the clock of the database. */
  nowMs: number;
  completeUntilMs: Record<Layer, number>;
  keptFromMs: Record<Layer, number>;
}

/** How many of the newest samples of a range tell how often a series is measured. */
const INTERVAL_SAMPLES = 30;
const RANGE = 'time >= to_timestamp($2::float8 / 1000) and time < to_timestamp($3::float8 / 1000)';
const SAMPLES = `select ${epochMs('time')} as time_ms, value as min, value as avg, value as max,
    ${epochMs('time')} as first_ms, ${epochMs('time')} as last_ms
  from system_metrics where series_id = $1 and ${RANGE} order by time`;

/** All series that match; in order of their keys. */
export async function queryMetrics(database: Database, request: MetricsRequest): Promise<MetricsAnswer> {
  const [series, facts] = await Promise.all([querySeries(database, request), queryLayers(database)]);
  const resolution = pickResolution({ ...request, keptFromMs: facts.keptFromMs });
  const answers: SeriesPoints[] = [];
  for (const one of series) answers.push(await querySeriesPoints(database, one, request, resolution, facts));
  return {
    series: answers,
    resolutionMs: resolution.widthMs,
    gaps: intersectGaps(answers.map(({ gaps }) => gaps)),
  };
}

async function querySeriesPoints(
  session: Queryable,
  series: Series,
  { fromMs, toMs }: MetricsRequest,
  resolution: Resolution,
  facts: LayerFacts,
): Promise<SeriesPoints> {
  const rows =
    resolution.widthMs === 0
      ? await session.query(SAMPLES, [series.id, fromMs, toMs])
      : await session.query(bucketsSql(resolution, facts), [
          series.id,
          Math.floor(fromMs / resolution.widthMs) * resolution.widthMs,
          toMs,
          resolution.widthMs,
        ]);
  const spans: Span[] = rows.map((row) => ({
    firstMs: readNumber(row, 'first_ms'),
    lastMs: readNumber(row, 'last_ms'),
  }));
  const intervalMs = await queryInterval(session, series, toMs);
  // Nothing can be missing before a series began, or after now.
  const bounds = {
    fromMs: Math.max(fromMs, series.firstSeenMs),
    toMs: Math.min(toMs, facts.nowMs),
    intervalMs,
  };
  return { series, points: rows.map(readPoint), gaps: deriveGaps(spans, bounds) };
}

function readPoint(row: Row): readonly [number, number, number, number] {
  return [readNumber(row, 'time_ms'), readNumber(row, 'min'), readNumber(row, 'avg'), readNumber(row, 'max')];
}

/**
 * Points from the layer of the resolution as far as it is complete, from the layer below as far as that one is, and
 * so on down to the samples.
 */
function bucketsSql({ layer }: Resolution, { completeUntilMs }: LayerFacts): string {
  const parts: string[] = [];
  let since = '-infinity';
  for (const rollUp of ROLL_UPS.slice(0, LAYERS.indexOf(layer)).reverse()) {
    const until = timeText(completeUntilMs[rollUp.layer]);
    parts.push(`select bucket as time, min, max, sum, count, first_at, last_at from ${rollUp.table}
      where series_id = $1 and bucket >= '${since}' and bucket < '${until}' and ${RANGE.replaceAll('time ', 'bucket ')}`);
    since = until;
  }
  parts.push(`select time, value, value, value, 1, time, time from system_metrics
    where series_id = $1 and time >= '${since}' and ${RANGE}`);
  return `select ${epochMs("date_bin($4::float8 * interval '1 millisecond', x.time, timestamptz 'epoch')")} as time_ms,
      min(x.min) as min, sum(x.sum) / sum(x.count)::float8 as avg, max(x.max) as max,
      ${epochMs('min(x.first_at)')} as first_ms, ${epochMs('max(x.last_at)')} as last_ms
    from (${parts.join(' union all ')}) as x(time, min, max, sum, count, first_at, last_at)
    group by 1 order by 1`;
}

async function queryLayers(session: Queryable): Promise<LayerFacts> {
  const rows = await session.query(
    `select layer, ${epochMs('complete_until')} as complete_ms, ${epochMs('kept_from')} as kept_ms,
       ${epochMs('now()')} as now_ms from layers`,
  );
  const of = (column: string) =>
    Object.fromEntries(rows.map((row) => [readText(row, 'layer'), readNumber(row, column)])) as Record<
      Layer,
      number
    >;
  const nowMs = rows[0] === undefined ? 0 : readNumber(rows[0], 'now_ms');
  return { nowMs, completeUntilMs: of('complete_ms'), keptFromMs: of('kept_ms') };
}

/** How often the series is measured, as seen in its newest samples before `untilMs`. */
async function queryInterval(session: Queryable, { id }: Series, untilMs: number): Promise<number> {
  const rows = await session.query(
    `select ${epochMs('time')} as time_ms from system_metrics
     where series_id = $1 and time < to_timestamp($2::float8 / 1000) order by time desc limit ${INTERVAL_SAMPLES}`,
    [id, untilMs],
  );
  return medianInterval(rows.map((row) => readNumber(row, 'time_ms'))) ?? ROLL_UPS[0]?.widthMs ?? 0;
}

function timeText(timeMs: number): string {
  if (!Number.isFinite(timeMs)) return timeMs < 0 ? '-infinity' : 'infinity';
  return new Date(timeMs).toISOString();
}
