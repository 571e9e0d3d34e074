import type { SeriesEntry } from '@pulsewire/shared-schema/rest';
import { useCallback, useMemo, useRef, useState } from 'react';
import { useApp } from '../../app-context.js';
import { useSpeech } from '../../i18n/use-language.js';
import { download } from '../../platform/download.js';
import { FailureNote } from '../../rest/failure-note.js';
import { groupByUnit } from './chart-data.js';
import { fileName, renderCsv } from './csv.js';
import { CursorStore } from './cursor-store.js';
import { EventList } from './event-list.js';
import { HistoryChartView } from './history-chart.js';
import { HistoryOverview } from './history-overview.js';
import type { HistoryState } from './history-state.js';
import { MarkLane } from './mark-lane.js';
import { MomentBar } from './moment-bar.js';
import { OptionsBar } from './options-bar.js';
import { covers, deriveSpan, panSpan, type Span, zoomSpan } from './range.js';
import { RangeBar } from './range-bar.js';
import { StatusLine } from './status-line.js';
import { SummaryTable } from './summary-table.js';
import { takePicture } from './take-picture.js';
import { useHistory } from './use-history.js';
import { useMarks } from './use-marks.js';
import { HISTORY_WORDS } from './words.js';

interface HistoryChartsProps {
  state: HistoryState;
  chosen: readonly SeriesEntry[];
  /** `isStep`: whether the browser's back shall undo it, when that is not as usual. */
  onChange: (changed: Partial<HistoryState>, isStep?: boolean) => void;
}

export function HistoryCharts({ state, chosen, onChange }: HistoryChartsProps) {
  const { store } = useApp();
  const speech = useSpeech();
  const words = HISTORY_WORDS[speech.language];
  const { span, drawn, follows, resource, silentSinceMs } = useHistory(state, chosen);
  const { marks, failed, truncated, refused } = useMarks(state, follows);
  const [cursor] = useState(() => new CursorStore());
  const area = useRef<HTMLDivElement>(null);
  const groups = useMemo(() => groupByUnit(drawn), [drawn]);
  const marksMs = useMemo(() => marks.map(({ timeMs }) => timeMs), [marks]);

  const shownSpan = useRef(span);
  shownSpan.current = span;
  const whole = useCallback(() => deriveSpan(state.range, store.serverNowMs()), [state.range, store]);
  const zoomTo = useCallback(
    (zoom: Span, isStep?: boolean) => onChange({ zoom: covers(zoom, whole()) ? null : zoom }, isStep),
    [onChange, whole],
  );
  const zoomBy = useCallback(
    (factor: number, aboutMs: number) => {
      zoomTo(zoomSpan(shownSpan.current, factor, aboutMs, whole()));
    },
    [zoomTo, whole],
  );
  const pickMoment = useCallback((momentMs: number | null) => onChange({ momentMs }), [onChange]);
  const reset = useCallback(() => onChange({ zoom: null }), [onChange]);
  const isEmpty = drawn.length > 0 && drawn.every(({ series }) => series.points.length === 0);
  const name = (extension: string) => fileName(span, extension);

  function savePicture(): void {
    if (area.current === null) return;
    const title = `${words.title} · ${speech.moment(span.fromMs, 0)} – ${speech.moment(span.toMs, 0)}`;
    void takePicture(area.current, groups, title, words.metric).then((picture) => {
      if (picture !== null) download(name('png'), picture);
    });
  }

  return (
    <>
      <RangeBar
        range={state.range}
        span={span}
        isZoomed={state.zoom !== null}
        onRange={(range) => onChange({ range, zoom: null })}
        onZoomBy={(factor) => zoomBy(factor, state.momentMs ?? (span.fromMs + span.toMs) / 2)}
        onPan={(share) => zoomTo(panSpan(span, share, whole()))}
        onReset={reset}
      />
      <OptionsBar
        state={state}
        span={span}
        canExport={drawn.length > 0}
        onChange={onChange}
        onCsv={() => {
          const series = drawn.map((member) => member.series);
          download(name('csv'), new Blob([renderCsv(series, span)], { type: 'text/csv;charset=utf-8' }));
        }}
        onPng={savePicture}
      />
      {resource.failure !== null && (
        <FailureNote failure={resource.failure} asOfMs={resource.atMs} onAskNow={resource.askNow} />
      )}
      <StatusLine span={span} follows={follows} resource={resource} silentSinceMs={silentSinceMs} />
      {(drawn.length > 0 || resource.failure === null) && (
        <div
          ref={area}
          className="history-charts"
          data-testid="history-charts"
          data-freshness={resource.failure === null ? (follows ? 'live' : 'fixed') : 'stale'}
          data-silent={silentSinceMs !== null}
        >
          {state.marks && <MarkLane marks={marks} span={span} onMoment={pickMoment} />}
          {(isEmpty ? [] : groups).map((group) => (
            <HistoryChartView
              key={group.unit ?? ''}
              group={group}
              span={span}
              band={state.band}
              marksMs={marksMs}
              momentMs={state.momentMs}
              cursor={cursor}
              onZoom={zoomTo}
              onZoomBy={zoomBy}
              onMoment={pickMoment}
              onReset={reset}
            />
          ))}
          {isEmpty && (
            <div className="nothing" data-testid="empty-range">
              <strong>{words.emptyRange}</strong>
              <span className="muted">{words.emptyRangeExplain}</span>
            </div>
          )}
          <HistoryOverview state={state} chosen={chosen} onWindow={zoomTo} />
        </div>
      )}
      <p className="muted small chart-hint">
        {words.chartHint} {failed && words.eventsMissing} {truncated && words.eventsTruncated}{' '}
        {refused && words.eventsRefused}
      </p>
      <MomentBar
        momentMs={state.momentMs}
        onMoment={pickMoment}
        onReplay={(replayMs) => onChange({ replayMs })}
      />
      {state.marks && marks.length > 0 && (
        <EventList
          marks={marks}
          span={span}
          onMoment={pickMoment}
          onReplay={(replayMs) => onChange({ replayMs })}
        />
      )}
      {drawn.length > 0 && <SummaryTable drawn={drawn} span={span} cursor={cursor} />}
    </>
  );
}
