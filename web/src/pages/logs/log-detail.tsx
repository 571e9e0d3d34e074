import { useSpeech } from '../../i18n/use-language.js';
import { PageLink } from '../../route/page-link.js';
import { renderAddress } from '../../route/routes.js';
import { CopyButton } from '../../ui/copy-button.js';
import { Icon } from '../../ui/icon.js';
import { IconButton } from '../../ui/icon-button.js';
import type { LogLine } from './log-line.js';
import { LOGS_WORDS } from './words.js';

const AROUND_MS = 15 * 60_000;

/** The whole of a line, however long, and the way to the charts of its time. */
export function LogDetail({ line, onClose }: { line: LogLine; onClose: () => void }) {
  const { language, moment } = useSpeech();
  const words = LOGS_WORDS[language];
  const timeMs = Date.parse(line.timestamp);
  const iso = (ms: number) => new Date(ms).toISOString();
  const chart = new URLSearchParams({
    range: `${iso(timeMs - AROUND_MS)}~${iso(timeMs + AROUND_MS)}`,
    at: iso(timeMs),
  });
  // Without the filter: what others wrote at the time is the point of it.
  const around = new URLSearchParams({ at: iso(timeMs) }).toString();
  const told = { copied: words.copied, failed: words.copyFailed };
  return (
    <section className="log-detail" aria-label={words.detail} data-testid="log-detail">
      <div className="log-detail-head">
        <strong>{moment(timeMs, 0)}</strong>
        <span>{line.service}</span>
        <span className="muted">
          {words.host} {line.host} · {words.stream} {line.stream} · {line.level}
        </span>
        <PageLink page="history" query={chart.toString()} className="link">
          <Icon name="chart" /> {words.chartsAt}
        </PageLink>
        <PageLink page="logs" query={around} className="link" testId="log-around">
          <Icon name="list" /> {words.around}
        </PageLink>
        <CopyButton
          label={words.copyLine}
          {...told}
          text={() => `${line.timestamp} ${line.level} ${line.service} ${line.message}`}
          testId="copy-line"
        />
        <CopyButton
          label={words.copyLink}
          {...told}
          text={() => `${window.location.origin}${renderAddress({ page: 'logs', query: around })}`}
          testId="copy-link"
        />
        <IconButton icon="close" label={words.close} onClick={onClose} />
      </div>
      <pre aria-live="polite">{line.message}</pre>
    </section>
  );
}
