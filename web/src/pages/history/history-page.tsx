import { useCallback, useMemo } from 'react';
import { useApp } from '../../app-context.js';
import { useSpeech } from '../../i18n/use-language.js';
import { FailureNote } from '../../rest/failure-note.js';
import { useResource } from '../../rest/use-resource.js';
import { useRoute } from '../../route/use-route.js';
import { HistoryCharts } from './history-charts.js';
import { type HistoryState, makesEntry, readState, writeState } from './history-state.js';
import { loadSeriesList } from './load-history.js';
import { ReplayPage } from './replay/replay-page.js';
import { defaultSeries } from './series-names.js';
import { SeriesPicker } from './series-picker.js';
import { HISTORY_WORDS } from './words.js';
import './history.css';

/** New series appear while the page is open: containers that were started. */
const SERIES_REFRESH_MS = 60_000;

/** What was recorded: charts of any series over any range, joined with what comes in now. */
export function HistoryPage() {
  const { rest, router } = useApp();
  const { language } = useSpeech();
  const { query } = useRoute();
  const words = HISTORY_WORDS[language];
  const state = useMemo(() => readState(query), [query]);
  const list = useResource({
    key: 'series',
    load: (signal) => loadSeriesList(rest, signal),
    refreshMs: () => SERIES_REFRESH_MS,
  });
  const all = list.data;
  const keys = useMemo(() => state.series ?? defaultSeries(all ?? []), [state.series, all]);
  const keysText = JSON.stringify(keys);
  // The list is asked for again and again; what was chosen of it stays the same object.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text stands for the keys
  const chosen = useMemo(
    () => keys.flatMap((key) => all?.find((series) => series.key === key) ?? []),
    [keysText, all === null],
  );
  const change = useCallback(
    (changed: Partial<HistoryState>, isStep = makesEntry(changed)) => {
      const query = writeState({ ...readState(router.view().query), ...changed });
      if (isStep) router.go({ page: 'history', query });
      else router.note(query);
    },
    [router],
  );

  if (state.replayMs !== null)
    return (
      <ReplayPage key={state.replayMs} momentMs={state.replayMs} onClose={() => change({ replayMs: null })} />
    );
  return (
    <section className="panel history" aria-labelledby="history-title" data-testid="history-page">
      <h2 id="history-title">{words.title}</h2>
      {list.failure !== null && (
        <FailureNote failure={list.failure} asOfMs={list.atMs} onAskNow={list.askNow} />
      )}
      {all === null ? (
        list.failure === null && (
          <p className="nothing muted" role="status">
            {words.loadingSeries}
          </p>
        )
      ) : all.length === 0 ? (
        <div className="nothing" data-testid="nothing-recorded">
          <strong>{words.nothingRecorded}</strong>
          <span className="muted">{words.nothingRecordedExplain}</span>
        </div>
      ) : (
        <>
          <SeriesPicker all={all} chosen={chosen} onChange={(series) => change({ series })} />
          {chosen.length < keys.length && (
            <p className="muted small">{words.noLongerKept(keys.length - chosen.length)}</p>
          )}
          {chosen.length === 0 ? (
            <p className="nothing muted">{words.nothingChosen}</p>
          ) : (
            <HistoryCharts state={state} chosen={chosen} onChange={change} />
          )}
        </>
      )}
    </section>
  );
}
