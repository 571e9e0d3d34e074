/** History as curves: at most as many points as asked for, whatever the range, with gaps as gaps. */
import { epochMs, readNumber, readTextOrNull } from './columns.js';
import type { Queryable, Row } from './database.js';
import {
  deriveGaps,
  intersectGaps,
  MISSED_INTERVALS,
  mayHoldGap,
  medianInterval,
  type Span,
  spansBetween,
} from './gaps.js';
import { type LayerFacts, layerRows, queryLayers, RANGE } from './layer-rows.js';
import { LAYERS, ROLL_UPS } from './layers.js';
import { querySeries } from './query-series.js';
import { pickResolution, type Resolution } from './resolution.js';
import type { Gap, MetricsAnswer, MetricsRequest, Point, Series, SeriesPoints } from './subjects.js';

/** How many of the newest samples of a range tell how often a series is measured. */
const INTERVAL_SAMPLES = 30;
/** As two texts rather than thousands of rows, which take longer to read than to find. */
const SAMPLES = `select string_agg(x.time_ms::text, ',') as times, string_agg(x.value::text, ',') as values
  from (select ${epochMs('time')} as time_ms, value
    from system_metrics where series_id = $1 and ${RANGE} order by time limit $4) x`;
/** Where samples come faster than anything of ours measures. */
const DENSE: Resolution = { layer: 'raw', widthMs: 1000 };

/** All series that match; in order of their keys. */
export async function queryMetrics(database: Queryable, request: MetricsRequest): Promise<MetricsAnswer> {
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
  series: Series,
  { fromMs, toMs }: MetricsRequest,
  resolution: Resolution,
  facts: LayerFacts,
): Promise<Curve> {
  const { widthMs } = resolution;
  const firstMs = Math.floor(fromMs / widthMs) * widthMs;
  const values = [series.id, firstMs, toMs];
  const rows = await session.query(bucketsSql(resolution, facts), [...values, widthMs]);
  const spans = rows.map((row) => ({
    firstMs: readNumber(row, 'first_ms'),
    lastMs: readNumber(row, 'last_ms'),
    count: readNumber(row, 'count'),
  }));
  const points = rows.map(readPoint);
  const intervalMs = await queryInterval(session, series, toMs);
  if (!spans.some((span) => mayHoldGap(span, intervalMs))) return { points, spans, intervalMs };
  const known = { values, spans, intervalMs };
  return { points, spans: await queryFineSpans(session, known, resolution, fromMs, facts), intervalMs };
}

/** Of an aggregate, which is `null` when there was nothing. */
function readNumbers(row: Row, column: string): number[] {
  return readTextOrNull(row, column)?.split(',').map(Number) ?? [];
}

function readPoint(row: Row): Point {
  return [readNumber(row, 'time_ms'), readNumber(row, 'min'), readNumber(row, 'avg'), readNumber(row, 'max')];
}

function bucketsSql({ layer }: Resolution, facts: LayerFacts): string {
  return `select ${epochMs("date_bin($4::float8 * interval '1 millisecond', x.time, timestamptz 'epoch')")} as time_ms,
      min(x.min) as min, sum(x.sum) / sum(x.count)::float8 as avg, max(x.max) as max, sum(x.count)::float8 as count,
      ${epochMs('min(x.first_at)')} as first_ms, ${epochMs('max(x.last_at)')} as last_ms
    from ${layerRows(layer, facts)} group by 1 order by 1`;
}

/** Inside of points: what the finest layer shows that still has the range. */
async function queryFineSpans(
  session: Queryable,
  { values, spans, intervalMs }: { values: readonly unknown[]; spans: readonly Span[]; intervalMs: number },
  { layer }: Resolution,
  fromMs: number,
  facts: LayerFacts,
): Promise<readonly Span[]> {
  const finest = LAYERS.find((candidate) => candidate !== 'raw' && facts.keptFromMs[candidate] <= fromMs);
  const rows = await session.query(
    `select ${epochMs('g.since')} as from_ms, ${epochMs('g.first_at')} as to_ms
     from (select first_at, lag(last_at) over (order by time) as since
       from ${layerRows(layer === 'raw' ? 'raw' : (finest ?? layer), facts)}) g
     where g.first_at - g.since > $4::float8 * interval '1 millisecond' order by 1`,
    [...values, MISSED_INTERVALS * intervalMs],
  );
  const gaps = rows.map((row): Gap => [readNumber(row, 'from_ms'), readNumber(row, 'to_ms')]);
  return spansBetween(gaps, spans);
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
