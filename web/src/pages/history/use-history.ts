import type { SeriesEntry } from '@pulsewire/shared-schema/rest';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useApp, useLive } from '../../app-context.js';
import { type UsedResource, useResource } from '../../rest/use-resource.js';
import type { DrawnSeries } from './chart-data.js';
import { deriveCompareSpan, type HistoryState } from './history-state.js';
import { joinLive } from './join-live.js';
import { LiveTail } from './live-tail.js';
import { type History, loadHistory } from './load-history.js';
import { deriveSpan, type Span } from './range.js';
import { deriveSilence } from './silence.js';

/** By then the recorder has written what the first answer still lacked at its end. */
const SEAM_MS = 3000;
const SHORTEST_REFRESH_MS = 30_000;
const LONGEST_REFRESH_MS = 300_000;
/** Of the other period a little more is asked for: the right edge moves on until the next answer. */
const COMPARE_AHEAD = 0.15;
const MIN_POINTS = 300;
const MAX_POINTS = 1500;

export interface ShownHistory {
  readonly span: Span;
  /** The right edge is now. */
  readonly follows: boolean;
  readonly drawn: readonly DrawnSeries[];
  readonly resource: UsedResource<History>;
  /** Since when nothing comes in of what is shown, at an edge that is now; `null` when something does. */
  readonly silentSinceMs: number | null;
}

/** What the charts show of the chosen series: history, and where the right edge is now, the feed's samples after it. */
export function useHistory(state: HistoryState, chosen: readonly SeriesEntry[]): ShownHistory {
  const { rest, store } = useApp();
  const follows = state.zoom === null && state.range.kind === 'preset';
  const stream = useLive((view) => view.connection.stream);
  // Without a moving edge nothing needs to be drawn again every second.
  const secondMs = useLive((view) => (follows ? view.secondMs : 0));
  const [points] = useState(() => Math.min(MAX_POINTS, Math.max(MIN_POINTS, window.innerWidth)));
  const keys = useMemo(() => chosen.map(({ key }) => key), [chosen]);
  const [tail] = useState(() => new LiveTail(store.serverNowMs()));

  const resource = useResource<History>({
    key: JSON.stringify([keys, state.zoom ?? state.range, state.compare]),
    load: (signal) => {
      const span = state.zoom ?? deriveSpan(state.range, store.serverNowMs());
      const other = deriveCompareSpan(state.compare, span);
      const aheadMs = follows ? COMPARE_AHEAD * (span.toMs - span.fromMs) : 0;
      const compareSpan = other === null ? null : { fromMs: other.fromMs, toMs: other.toMs + aheadMs };
      return loadHistory(rest, { keys, span, compareSpan, points }, signal);
    },
    refreshMs: ({ series }, answers) => {
      if (!follows) return null;
      if (answers === 1) return SEAM_MS;
      const coarsestMs = Math.max(0, ...series.map(({ resolutionMs }) => resolutionMs));
      return Math.min(LONGEST_REFRESH_MS, Math.max(SHORTEST_REFRESH_MS, coarsestMs));
    },
  });
  const { data, askNow } = resource;

  useEffect(() => store.onMessage((message) => tail.receive(message)), [store, tail]);
  useEffect(() => tail.follow(chosen, store.serverNowMs()), [chosen, store, tail]);
  // What came in while there was no connection is in history by now.
  const streamBefore = useRef(stream);
  useEffect(() => {
    const before = streamBefore.current;
    streamBefore.current = stream;
    if (before === stream) return;
    if (stream === 'live') askNow();
    else tail.interrupt(store.serverNowMs());
  }, [stream, askNow, store, tail]);

  const { isOlder } = resource;
  const shown = useMemo(() => {
    // Read anew with every second that the view tells.
    void secondMs;
    const nowMs = store.serverNowMs();
    const span = isOlder && data !== null ? data.span : (state.zoom ?? deriveSpan(state.range, nowMs));
    const drawn = (data?.series ?? []).map((series): DrawnSeries => {
      const joined =
        follows && !isOlder ? joinLive({ ...series, tail: tail.of(series), untilMs: nowMs }) : series;
      const compared = data?.compared.find(({ key }) => key === series.key) ?? null;
      const { points: shownPoints, gaps } = joined;
      return {
        series: { ...series, points: [...shownPoints], gaps: [...gaps] },
        compared,
        slot: keys.indexOf(series.key),
      };
    });
    const shownNow = drawn.filter(({ slot }) => slot >= 0);
    const joinedNow =
      follows && !isOlder ? shownNow.map(({ series }) => ({ ...series, tail: tail.of(series) })) : [];
    return { span, drawn: shownNow, silentSinceMs: deriveSilence(joinedNow, nowMs) };
  }, [secondMs, store, state.zoom, state.range, data, isOlder, follows, tail, keys]);
  return { ...shown, follows, resource };
}
