import { useLive } from '../app-context.js';
import { useSpeech } from '../i18n/use-language.js';
import { Icon } from '../ui/icon.js';
import { CAN_RECOVER, type RestFailure } from './failure.js';
import { FAILURE_WORDS } from './failure-words.js';
import '../theme/failure-note.css';

interface FailureNoteProps {
  failure: RestFailure;
  /** When what is still shown was received; `null` when nothing is. */
  asOfMs: number | null;
  onAskNow: () => void;
}

/** Why there is no answer, since when, and as of when what is shown is. Announced when it appears. */
export function FailureNote({ failure, asOfMs, onAskNow }: FailureNoteProps) {
  const { language, moment } = useSpeech();
  const nowMs = useLive((view) => view.secondMs);
  const words = FAILURE_WORDS[language];
  const { kind } = failure;
  const recovers = CAN_RECOVER[kind];
  return (
    <div
      className={`failure-note ${recovers ? 'outage' : 'quiet'}`}
      role="alert"
      data-testid="failure"
      data-kind={kind}
    >
      <Icon name={recovers ? 'octagon' : 'triangle'} />
      <p>
        <strong>{words.title[kind]}</strong> {words.explain[kind]} {kind === 'rejected' && failure.message}
        {kind === 'outage' && failure.sinceMs !== null && words.since(moment(failure.sinceMs, nowMs))}{' '}
        {asOfMs !== null && words.shownAsOf(moment(asOfMs, nowMs))} {recovers && words.again}
      </p>
      <button type="button" className="button small" data-testid="ask-now" onClick={onAskNow}>
        <Icon name="refresh" />
        {words.askAgain}
      </button>
    </div>
  );
}
