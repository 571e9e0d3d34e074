import { useSpeech } from '../../i18n/use-language.js';
import { Icon } from '../../ui/icon.js';
import { MARK_ICONS, type Mark, toneOf } from './marks.js';
import type { Span } from './range.js';
import { sayMark } from './say-mark.js';
import { HISTORY_WORDS } from './words.js';

interface EventListProps {
  marks: readonly Mark[];
  span: Span;
  onMoment: (timeMs: number) => void;
  onReplay: (timeMs: number) => void;
}

/** More are not read through; a shorter range has fewer. */
const SHOWN = 50;

/** The marks in words, newest first, folded away: for who looks for one of them, and for who does not see the charts. */
export function EventList({ marks, span, onMoment, onReplay }: EventListProps) {
  const speech = useSpeech();
  const words = HISTORY_WORDS[speech.language];
  return (
    <details className="event-list" data-testid="event-list">
      <summary>
        {words.eventsTitle} <span className="count">{marks.length}</span>
      </summary>
      {marks.length > SHOWN && <p className="muted small">{words.eventsNewest(SHOWN)}</p>}
      <ul>
        {marks
          .slice(-SHOWN)
          .reverse()
          .map((mark) => {
            const said = sayMark(mark, speech, words);
            const tone = toneOf({ marks: [mark] });
            return (
              <li key={JSON.stringify(mark)} data-testid="event">
                <span className={`event-mark tone-${tone}`}>
                  <Icon name={MARK_ICONS[tone]} />
                </span>
                <button type="button" className="link" onClick={() => onMoment(mark.timeMs)}>
                  {speech.moment(mark.timeMs, span.toMs)}
                </button>
                <span>{said}</span>
                <button
                  type="button"
                  className="link"
                  aria-label={`${words.replayAt}: ${said}`}
                  data-testid="event-replay"
                  onClick={() => onReplay(mark.timeMs)}
                >
                  {words.replayAt}
                </button>
              </li>
            );
          })}
      </ul>
    </details>
  );
}
