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
import { readRange } from './time-range.js';

export async function answerSeries(query: SeriesQuery, context: RouteContext): Promise<Outcome<SeriesList>> {
  const found = await askDatabase(context, () => querySeries(context.database, readFilter(query)));
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
  const matching = await askDatabase(context, () => querySeries(context.database, filter));
  if (!matching.ok) return matching;
  if (matching.body.length > REST_LIMITS.series) return refuseBreadth(matching.body.length);
  const points = query.points ?? REST_LIMITS.defaultPoints;
  const history = await askDatabase(context, () =>
    queryMetrics(context.database, { ...filter, ...range.body, points }),
  );
  if (!history.ok) return history;
  const { series, resolutionMs, gaps } = history.body;
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

function refuseBreadth(count: number) {
  const message = `${count} series match, and at most ${REST_LIMITS.series} are answered at once; name metric_type, source, host, container or key`;
  return refuseFields([{ field: 'metric_type', message }]);
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
