/** Which series exist, and their curves. */
import { isoTime } from '@pulsewire/runtime';
import {
  type HistorySeries,
  type MetricsHistory,
  type MetricsQuery,
  REST_LIMITS,
  type SeriesEntry,
  type SeriesList,
  type SeriesQuery,
} from '@pulsewire/shared-schema/rest';
import { queryMetrics, querySeries, type Series, type SeriesFilter } from '@pulsewire/store';
import { askDatabase } from './ask-database.js';
import { derivePagination, readPage } from './page.js';
import { answerWith, type Outcome, refuseFields } from './problem.js';
import type { RouteContext } from './routes.js';
import { readRange, type TimeRange } from './time-range.js';

/** Nothing is sampled more often. */
const FINEST_MS = 250;

export async function answerSeries(query: SeriesQuery, context: RouteContext): Promise<Outcome<SeriesList>> {
  const found = await askDatabase(context, (session) => querySeries(session, readFilter(query)));
  if (!found.ok) return found;
  const page = readPage(query);
  const data = found.body.slice(page.offset, page.offset + page.limit).map(renderSeries);
  return answerWith({ data, pagination: derivePagination(page, found.body.length) });
}

export async function answerMetrics(
  query: MetricsQuery,
  context: RouteContext,
): Promise<Outcome<MetricsHistory>> {
  const range = readRange(query, { nowMs: context.clock.nowMs(), lengthMs: REST_LIMITS.defaultRangeMs });
  if (!range.ok) return range;
  const filter = readFilter(query);
  const points = query.points ?? REST_LIMITS.defaultPoints;
  const history = await askDatabase(context, async (session) => {
    const { length } = await querySeries(session, filter);
    const refused = judgeBreadth(length, { ...range.body, points });
    return refused ?? answerWith(await queryMetrics(session, { ...filter, ...range.body, points }));
  });
  if (!history.ok) return history;
  if (!history.body.ok) return history.body;
  const { series, resolutionMs, gaps } = history.body.body;
  return answerWith({
    series: series.map(
      (one): HistorySeries => ({
        ...renderIdentity(one.series),
        points: one.points.map(([timeMs, min, avg, max]) => [timeMs, min, avg, max]),
        gaps: one.gaps.map(([fromMs, toMs]) => [fromMs, toMs]),
      }),
    ),
    resolution_s: resolutionMs / 1000,
    gaps: gaps.map(([fromMs, toMs]) => [fromMs, toMs]),
  });
}

/** `null` when the answer is not too large: a process that makes it has the live view to serve, too. */
function judgeBreadth(count: number, { fromMs, toMs, points }: TimeRange & { points: number }) {
  const narrow = 'name metric_type, source, host, container or key';
  if (count > REST_LIMITS.series)
    return refuseFields([
      {
        field: 'metric_type',
        message: `${count} series match, and at most ${REST_LIMITS.series} are answered at once; ${narrow}`,
      },
    ]);
  const most = count * Math.min(points, Math.ceil((toMs - fromMs) / FINEST_MS) + 1);
  if (most <= REST_LIMITS.answerPoints) return null;
  const message = `${count} series match, and at most ${REST_LIMITS.answerPoints} points are answered at once; ask for at most ${Math.floor(REST_LIMITS.answerPoints / count)}, or ${narrow}`;
  return refuseFields([{ field: 'points', message }]);
}

function readFilter(query: MetricsQuery | SeriesQuery): SeriesFilter {
  const { key, metric_type, source, host, container, mount, core } = query;
  return {
    ...(key === undefined ? {} : { key }),
    ...(metric_type === undefined ? {} : { metricType: metric_type }),
    ...(source === undefined ? {} : { source }),
    ...(host === undefined ? {} : { host }),
    ...(container === undefined ? {} : { container }),
    ...(mount === undefined ? {} : { mount }),
    ...(core === undefined ? {} : { core }),
  };
}

function renderSeries(series: Series): SeriesEntry {
  return {
    ...renderIdentity(series),
    first_seen: isoTime(series.firstSeenMs),
    last_seen: isoTime(series.lastSeenMs),
  };
}

function renderIdentity({ key, unit, metricType, source, host, container, mount, core }: Series) {
  return { key, unit, metric_type: metricType, source, host, container, mount, core };
}
