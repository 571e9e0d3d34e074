import { useId } from 'react';
import { fromLocalInput, toLocalInput } from '../../format/local-input.js';
import { useSpeech } from '../../i18n/use-language.js';
import { PageLink } from '../../route/page-link.js';
import { Icon } from '../../ui/icon.js';
import { IconButton } from '../../ui/icon-button.js';
import { writeMoment } from './history-state.js';
import { HISTORY_WORDS } from './words.js';

interface MomentBarProps {
  momentMs: number | null;
  onMoment: (timeMs: number | null) => void;
  onReplay: (timeMs: number) => void;
}

/** The picked moment, and what can be done with it. */
export function MomentBar({ momentMs, onMoment, onReplay }: MomentBarProps) {
  const { language } = useSpeech();
  const words = HISTORY_WORDS[language];
  const inputId = useId();
  return (
    <div className="moment-bar" data-testid="moment-bar">
      <label htmlFor={inputId}>{words.moment}</label>
      <input
        id={inputId}
        type="datetime-local"
        step={1}
        value={momentMs === null ? '' : toLocalInput(momentMs)}
        data-testid="moment"
        onChange={(event) => onMoment(fromLocalInput(event.target.value))}
      />
      {momentMs === null ? (
        <span className="muted small">{words.momentHint}</span>
      ) : (
        <>
          <button
            type="button"
            className="button small primary"
            data-testid="replay-start"
            onClick={() => onReplay(momentMs)}
          >
            <Icon name="replay" />
            {words.replayAt}
          </button>
          <PageLink
            page="logs"
            query={new URLSearchParams({ at: writeMoment(momentMs) }).toString()}
            className="button small"
            testId="logs-at"
          >
            <Icon name="list" />
            {words.logsAt}
          </PageLink>
          <IconButton icon="close" label={words.clearMoment} onClick={() => onMoment(null)} />
        </>
      )}
    </div>
  );
}
