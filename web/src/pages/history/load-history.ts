/** The questions of the history page. */
import { type HistorySeries, REST_PATHS, type SeriesEntry } from '@pulsewire/shared-schema/rest';
import { pageThrough } from '../../rest/page-through.js';
import { readMetrics, readSeriesList } from '../../rest/read-body.js';
import type { RestAnswer, RestClient } from '../../rest/rest-client.js';
import { type Span, shiftSpan } from './range.js';

export interface LoadedSeries extends HistorySeries {
  readonly resolutionMs: number;
}

export interface History {
  readonly span: Span;
  /** In the order of the question; a series that the server does not know is missing. */
  readonly series: readonly LoadedSeries[];
  /** The other period, its times shifted onto this one; empty when none was asked for. */
  readonly compared: readonly LoadedSeries[];
}

export interface HistoryQuestion {
  readonly keys: readonly string[];
  readonly span: Span;
  readonly compareSpan: Span | null;
  readonly points: number;
}

const SERIES_PAGES = 20;

export function loadSeriesList(
  client: RestClient,
  signal: AbortSignal,
): Promise<RestAnswer<readonly SeriesEntry[]>> {
  const options = {
    path: REST_PATHS.series,
    query: {},
    read: readSeriesList,
    maxPages: SERIES_PAGES,
    signal,
  };
  return pageThrough(client, options);
}

/** All of it, or the first failure: half a comparison would mislead. */
export async function loadHistory(
  client: RestClient,
  { keys, span, compareSpan, points }: HistoryQuestion,
  signal: AbortSignal,
): Promise<RestAnswer<History>> {
  const ask = async (key: string, { fromMs, toMs }: Span): Promise<RestAnswer<readonly LoadedSeries[]>> => {
    const query = { key, from: Math.round(fromMs), to: Math.round(toMs), points };
    const answer = await client.get(REST_PATHS.metrics, query, readMetrics, signal);
    if (!answer.ok) return answer;
    const resolutionMs = answer.data.resolution_s * 1000;
    return { ok: true, data: answer.data.series.map((series) => ({ ...series, resolutionMs })) };
  };
  const [now, before] = await Promise.all([
    Promise.all(keys.map((key) => ask(key, span))),
    Promise.all(compareSpan === null ? [] : keys.map((key) => ask(key, compareSpan))),
  ]);
  const failed = [...now, ...before].find((answer) => !answer.ok);
  if (failed !== undefined && !failed.ok) return failed;
  const shiftMs = compareSpan === null ? 0 : span.fromMs - compareSpan.fromMs;
  return {
    ok: true,
    data: {
      span,
      series: collect(now),
      compared: collect(before).map((series) => shiftSeries(series, shiftMs)),
    },
  };
}

/** The same values at other times. */
export function shiftSeries(series: LoadedSeries, byMs: number): LoadedSeries {
  return {
    ...series,
    points: series.points.map(([timeMs, min, avg, max]) => [timeMs + byMs, min, avg, max]),
    gaps: series.gaps.map(([fromMs, toMs]) => {
      const shifted = shiftSpan({ fromMs, toMs }, byMs);
      return [shifted.fromMs, shifted.toMs];
    }),
  };
}

function collect(answers: readonly RestAnswer<readonly LoadedSeries[]>[]): LoadedSeries[] {
  return answers.flatMap((answer) => (answer.ok ? answer.data : []));
}
