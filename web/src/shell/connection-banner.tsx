import { useLive } from '../app-context.js';
import { type Speech, useSpeech } from '../i18n/use-language.js';
import { secondsUntil } from '../live/connection.js';
import type { BadgeState, ConnectionView } from '../live/views.js';
import { Icon, type IconName } from '../ui/icon.js';

type BannerKind = 'degraded' | 'disconnected' | 'closed' | 'stale';

/** `connecting` is worth a banner only when something was lost before. */
const KIND_OF: Record<BadgeState, BannerKind | null> = {
  idle: null,
  connecting: 'disconnected',
  live: null,
  degraded: 'degraded',
  waiting: 'disconnected',
  rejected: null,
  closed: 'closed',
  stale: 'stale',
};
const ICONS: Record<BannerKind, IconName> = {
  degraded: 'octagon',
  disconnected: 'unplugged',
  closed: 'unplugged',
  stale: 'triangle',
};

/** Says why the values below cannot be trusted, since when, and what happens next. */
export function ConnectionBanner() {
  const { text } = useSpeech();
  const connection = useLive((view) => view.connection);
  const kind = bannerKind(connection);
  return (
    <div className="banner-place" role="status">
      {kind !== null && (
        <section className={`banner ${kind}`} data-testid="banner" data-kind={kind}>
          <Icon name={ICONS[kind]} />
          <strong>{text.banner[`${kind}Title`]}</strong>
          <BannerText kind={kind} connection={connection} />
        </section>
      )}
    </div>
  );
}

function bannerKind(connection: ConnectionView): BannerKind | null {
  const first = connection.stream === 'connecting' && connection.attempt <= 1;
  return first && connection.lastMessageAtMs === null ? null : KIND_OF[connection.badge];
}

/** The moving part is not announced: a screen reader would read out every second. */
function BannerText({ kind, connection }: { kind: BannerKind; connection: ConnectionView }) {
  const speech = useSpeech();
  const secondMs = useLive((view) => view.secondMs);
  return <span aria-live="off">{sentences(kind, connection, speech, secondMs).join(' ')}</span>;
}

function sentences(kind: BannerKind, connection: ConnectionView, speech: Speech, nowMs: number): string[] {
  const { banner, reason } = speech.text;
  const { sinceMs, lastMessageAtMs } = connection;
  const since = sinceMs === null ? '–' : speech.moment(sinceMs, nowMs);
  const length = speech.duration(nowMs - (sinceMs ?? nowMs));
  const asOf =
    lastMessageAtMs === null ? banner.noValues : banner.lastValues(speech.moment(lastMessageAtMs, nowMs));
  switch (kind) {
    case 'degraded': {
      const code = connection.cause ?? '';
      return [banner.degraded(banner.causes[code] ?? banner.unknownCause(code), since, length), asOf];
    }
    case 'disconnected': {
      const next =
        connection.nextAtMs === null
          ? banner.reconnecting
          : banner.retryIn(secondsUntil(connection.nextAtMs, nowMs));
      return [banner.disconnected(reason[connection.reason ?? 'network_error'], since, length), next, asOf];
    }
    case 'closed':
      return [banner.closed, asOf];
    case 'stale':
      return [banner.stale];
  }
}
