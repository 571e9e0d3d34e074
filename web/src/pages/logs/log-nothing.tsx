import { useSpeech } from '../../i18n/use-language.js';
import type { LogsStatus } from './log-session.js';
import { LOGS_WORDS } from './words.js';

/** No lines: not asked yet, none there, or no answer, which is told above. */
export function LogNothing({ status, isLive }: { status: LogsStatus; isLive: boolean }) {
  const { language } = useSpeech();
  const words = LOGS_WORDS[language];
  const isTold = status.failure !== null && (!isLive || status.failure.kind === 'refused');
  if (isTold) return null;
  if (status.loading || status.failure !== null)
    return (
      <p className="nothing muted" role="status" data-testid="log-waiting">
        {status.loading ? words.loading : words.noneYet}
      </p>
    );
  return (
    <div className="nothing" data-testid="no-lines">
      <strong>{words.none}</strong>
      <span className="muted">
        {words.noneExplain} {isLive && words.noneYet}
      </span>
    </div>
  );
}
