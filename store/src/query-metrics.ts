/** History as curves: at most as many points as asked for, whatever the range, with gaps as gaps. */
import { epochMs, readNumber, readText, readTextOrNull } from './columns.js';
import type { Database, Queryable, Row } from './database.js';
import { deriveGaps, intersectGaps, medianInterval, type Span } from './gaps.js';
import { LAYERS, type Layer, ROLL_UPS } from './layers.js';
import { querySeries } from './query-series.js';
import { pickResolution, type Resolution } from './resolution.js';
import type { MetricsAnswer, MetricsRequest, Point, Series, SeriesPoints } from './subjects.js';

interface LayerFacts {
  /** By the clock of the database. */
  nowMs: number;
  completeUntilMs: Record<Layer, number>;
  keptFromMs: Record<Layer, number>;
}

/** How many of the newest samples of a range tell how often a series is measured. */
const INTERVAL_SAMPLES = 30;
const RANGE = 'time >= to_timestamp($2::float8 / 1000) and time < to_timestamp($3::float8 / 1000)';
/** As two texts rather than thousands of rows, which take longer to read than to find. */
const SAMPLES = `select string_agg(x.time_ms::text, ',') as times, string_agg(x.value::text, ',') as values
  from (select ${epochMs('time')} as time_ms, value
    from system_metrics where series_id = $1 and ${RANGE} order by time limit $4) x`;
/** Where samples come faster than anything of ours measures. */
const DENSE: Resolution = { layer: 'raw', widthMs: 1000 };

/** All series that match; in order of their keys. */
export async function queryMetrics(database: Database, request: MetricsRequest): Promise<MetricsAnswer> {
  const [series, facts] = await Promise.all([querySeries(database, request), queryLayers(database)]);
  const resolution = pickResolution({ ...request, keptFromMs: facts.keptFromMs });
  const answer = await queryAll(database, series, request, resolution, facts);
  return answer ?? (await queryAll(database, series, request, DENSE, facts)) ?? EMPTY;
}

const EMPTY: MetricsAnswer = { series: [], resolutionMs: 0, gaps: [] };

/** `null` when a series has more samples than points were asked for. */
async function queryAll(
  session: Queryable,
  series: readonly Series[],
  request: MetricsRequest,
  resolution: Resolution,
  facts: LayerFacts,
): Promise<MetricsAnswer | null> {
  const answers: SeriesPoints[] = [];
  for (const one of series) {
    const curve =
      resolution.widthMs === 0
        ? await querySamples(session, one, request)
        : await queryBuckets(session, one, request, resolution, facts);
    if (curve === null) return null;
    const intervalMs = curve.intervalMs ?? (await queryInterval(session, one, request.toMs));
    // Nothing can be missing before a series began, or after now.
    const fromMs = Math.max(request.fromMs, one.firstSeenMs);
    const toMs = Math.min(request.toMs, facts.nowMs);
    const gaps = deriveGaps(curve.spans, { fromMs, toMs, intervalMs });
    answers.push({ series: one, points: curve.points, gaps });
  }
  return {
    series: answers,
    resolutionMs: resolution.widthMs,
    gaps: intersectGaps(answers.map(({ gaps }) => gaps)),
  };
}

interface Curve {
  points: readonly Point[];
  spans: readonly Span[];
  /** `null` when the rows do not tell. */
  intervalMs: number | null;
}

async function querySamples(
  session: Queryable,
  { id }: Series,
  { fromMs, toMs, points: most }: MetricsRequest,
): Promise<Curve | null> {
  const [row] = await session.query(SAMPLES, [id, fromMs, toMs, most + 1]);
  const times = row === undefined ? [] : readNumbers(row, 'times');
  const values = row === undefined ? [] : readNumbers(row, 'values');
  if (times.length > most) return null;
  const points = times.map((timeMs, i): Point => {
    const value = values[i] ?? Number.NaN;
    return [timeMs, value, value, value];
  });
  const spans = times.map((timeMs) => ({ firstMs: timeMs, lastMs: timeMs }));
  const newest = times.slice(-INTERVAL_SAMPLES);
  return { points, spans, intervalMs: newest.length < INTERVAL_SAMPLES ? null : medianInterval(newest) };
}

async function queryBuckets(
  session: Queryable,
  { id }: Series,
  { fromMs, toMs }: MetricsRequest,
  resolution: Resolution,
  facts: LayerFacts,
): Promise<Curve> {
  const { widthMs } = resolution;
  const firstMs = Math.floor(fromMs / widthMs) * widthMs;
  const rows = await session.query(bucketsSql(resolution, facts), [id, firstMs, toMs, widthMs]);
  const spans = rows.map((row) => ({
    firstMs: readNumber(row, 'first_ms'),
    lastMs: readNumber(row, 'last_ms'),
  }));
  return { points: rows.map(readPoint), spans, intervalMs: null };
}

/** Of an aggregate, which is `null` when there was nothing. */
function readNumbers(row: Row, column: string): number[] {
  return readTextOrNull(row, column)?.split(',').map(Number) ?? [];
}

function readPoint(row: Row): Point {
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
