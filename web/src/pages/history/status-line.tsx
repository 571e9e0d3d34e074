import { useLive } from '../../app-context.js';
import { useSpeech } from '../../i18n/use-language.js';
import type { UsedResource } from '../../rest/use-resource.js';
import { Badge } from '../../ui/badge.js';
import type { History } from './load-history.js';
import type { Span } from './range.js';
import { HISTORY_WORDS } from './words.js';

interface StatusLineProps {
  span: Span;
  follows: boolean;
  resource: UsedResource<History>;
  silentSinceMs: number | null;
}

/** From when to when, whether the right edge moves, and what a point is. */
export function StatusLine({ span, follows, resource, silentSinceMs }: StatusLineProps) {
  const { language, moment, duration } = useSpeech();
  const words = HISTORY_WORDS[language];
  const flows = useLive((view) => view.connection.stream === 'live');
  const isEmpty = (resource.data?.series ?? []).every((series) => series.points.length === 0);
  const resolutionMs = Math.max(0, ...(resource.data?.series ?? []).map((series) => series.resolutionMs));
  return (
    <p className="status-line small" data-testid="history-status" data-loading={resource.loading}>
      {silentSinceMs !== null ? (
        <Badge tone="warning" icon="clock">
          {words.silentSince(moment(silentSinceMs, span.toMs))}
        </Badge>
      ) : follows && flows && resource.failure === null ? (
        <Badge tone="ok" icon="check">
          {words.follows}
        </Badge>
      ) : (
        <Badge tone="neutral" icon="clock">
          {follows ? words.asOf(moment(resource.atMs ?? span.toMs, span.toMs)) : words.fixed}
        </Badge>
      )}
      <span>
        {moment(span.fromMs, 0)} – {moment(span.toMs, 0)}
      </span>
      {resource.data === null ? (
        resource.failure === null && <span className="muted">{words.loading}</span>
      ) : (
        <span className="muted" hidden={isEmpty}>
          {resolutionMs === 0 ? words.resolutionSamples : words.resolution(duration(resolutionMs))}
        </span>
      )}
    </p>
  );
}
