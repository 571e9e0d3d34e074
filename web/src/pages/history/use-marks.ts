import { useEffect, useMemo } from 'react';
import { useApp } from '../../app-context.js';
import { useResource } from '../../rest/use-resource.js';
import type { HistoryState } from './history-state.js';
import { type Happenings, loadHappenings } from './load-marks.js';
import { deriveMarks, type Mark } from './marks.js';
import { deriveSpan } from './range.js';

const REFRESH_MS = 30_000;
const NOTHING: Happenings = { alerts: [], events: [], truncated: false, refused: false };

export interface UsedMarks {
  readonly marks: readonly Mark[];
  readonly failed: boolean;
  readonly truncated: boolean;
  /** The key may not read some of them. */
  readonly refused: boolean;
}

/** What happened within the shown range. Asked again when an alert begins or ends while the edge moves. */
export function useMarks(state: HistoryState, follows: boolean): UsedMarks {
  const { rest, store } = useApp();
  const { data, failure, askNow } = useResource({
    key: JSON.stringify([state.marks, state.zoom ?? state.range]),
    load: async (signal) => {
      const span = state.zoom ?? deriveSpan(state.range, store.serverNowMs());
      if (!state.marks) return { ok: true as const, data: { ...NOTHING, span } };
      const answer = await loadHappenings(rest, span, signal);
      return answer.ok ? { ok: true as const, data: { ...answer.data, span } } : answer;
    },
    refreshMs: () => (follows && state.marks ? REFRESH_MS : null),
  });
  useEffect(() => (follows ? store.onAlert(askNow) : undefined), [follows, store, askNow]);
  const marks = useMemo(
    () => (data === null ? [] : deriveMarks(data.alerts, data.events, data.span)),
    [data],
  );
  return {
    marks,
    failed: failure !== null,
    truncated: data?.truncated ?? false,
    refused: data?.refused ?? false,
  };
}
