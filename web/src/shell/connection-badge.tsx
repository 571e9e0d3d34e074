import { useApp, useLive } from '../app-context.js';
import { formatMilliseconds, joined } from '../format/quantity.js';
import { useSpeech } from '../i18n/use-language.js';
import { secondsUntil } from '../live/connection.js';
import type { BadgeState } from '../live/views.js';
import { Badge, type Tone } from '../ui/badge.js';
import { Icon, type IconName } from '../ui/icon.js';

const LOOKS: Record<BadgeState, { tone: Tone; icon: IconName }> = {
  idle: { tone: 'neutral', icon: 'unplugged' },
  connecting: { tone: 'info', icon: 'spin' },
  live: { tone: 'ok', icon: 'check' },
  degraded: { tone: 'critical', icon: 'octagon' },
  waiting: { tone: 'warning', icon: 'clock' },
  rejected: { tone: 'critical', icon: 'lock' },
  closed: { tone: 'neutral', icon: 'unplugged' },
  stale: { tone: 'warning', icon: 'triangle' },
};

/** State of the connection, time to the next attempt, measured latency. Only the state is announced. */
export function ConnectionBadge() {
  const { session } = useApp();
  const { text } = useSpeech();
  const connection = useLive((view) => view.connection);
  const { badge, nextAtMs, p50Ms, p99Ms, attempt } = connection;
  const look = LOOKS[badge];
  return (
    <section className="connection" aria-label={text.connection.label}>
      <span data-testid="connection-badge" data-state={badge} role="status">
        <Badge tone={look.tone} icon={look.icon} spin={badge === 'connecting'}>
          {text.connection.state[badge]}
        </Badge>
      </span>
      {nextAtMs !== null && <Countdown nextAtMs={nextAtMs} />}
      {nextAtMs === null && badge === 'connecting' && attempt > 1 && (
        <span className="muted">{text.connection.attempt(attempt)}</span>
      )}
      {nextAtMs !== null && (
        <button
          type="button"
          className="button small"
          data-testid="retry-now"
          onClick={() => session.retryNow()}
        >
          <Icon name="refresh" />
          {text.controls.retryNow}
        </button>
      )}
      {p50Ms !== null && p99Ms !== null && (badge === 'live' || badge === 'stale') && (
        <span className="latency muted" title={text.connection.latencyExplain} data-testid="latency">
          {text.connection.latency(joined(formatMilliseconds(p50Ms)), joined(formatMilliseconds(p99Ms)))}
        </span>
      )}
      {connection.thinnedUntilMs !== null && (
        <span className="muted" title={text.connection.thinnedExplain} data-testid="thinned">
          {text.connection.thinned}
        </span>
      )}
    </section>
  );
}

function Countdown({ nextAtMs }: { nextAtMs: number }) {
  const { text } = useSpeech();
  const secondMs = useLive((view) => view.secondMs);
  return (
    <span className="countdown" data-testid="countdown">
      {text.connection.retryIn(secondsUntil(nextAtMs, secondMs))}
    </span>
  );
}
