import type { SeriesEntry } from '@pulsewire/shared-schema/rest';
import { useApp } from '../../app-context.js';
import { useResource } from '../../rest/use-resource.js';
import type { HistoryState } from './history-state.js';
import { loadHistory } from './load-history.js';
import { Overview } from './overview.js';
import { deriveSpan, type Span } from './range.js';

interface HistoryOverviewProps {
  state: HistoryState;
  chosen: readonly SeriesEntry[];
  onWindow: (window: Span, isStep: boolean) => void;
}

const POINTS = 240;
/** The shape of the whole changes slowly: this often per range. */
const REFRESHES_PER_RANGE = 60;
const SHORTEST_REFRESH_MS = 10_000;

/** The whole range, coarsely, with the shown part as a window. It has no word of its own about failures. */
export function HistoryOverview({ state, chosen, onWindow }: HistoryOverviewProps) {
  const { rest, store } = useApp();
  const keys = chosen.map(({ key }) => key);
  const { data } = useResource({
    key: JSON.stringify([keys, state.range]),
    load: (signal) => {
      const span = deriveSpan(state.range, store.serverNowMs());
      return loadHistory(rest, { keys, span, compareSpan: null, points: POINTS }, signal);
    },
    refreshMs: ({ span }) =>
      state.range.kind === 'preset'
        ? Math.max(SHORTEST_REFRESH_MS, (span.toMs - span.fromMs) / REFRESHES_PER_RANGE)
        : null,
  });
  if (data === null) return null;
  const { span: whole, series } = data;
  return <Overview series={series} whole={whole} window={state.zoom ?? whole} onWindow={onWindow} />;
}
