import { useSyncExternalStore } from 'react';
import { useSpeech } from '../../i18n/use-language.js';
import { shareOf } from './brush.js';
import type { ChartGroup } from './chart-data.js';
import { PLOT_LEFT_PX, PLOT_RIGHT_PX } from './chart-look.js';
import type { CursorStore } from './cursor-store.js';
import type { Span } from './range.js';
import { deriveReadOut } from './read-out.js';
import { HISTORY_WORDS } from './words.js';
import './read-out.css';

interface ChartReadOutProps {
  group: ChartGroup;
  span: Span;
  cursor: CursorStore;
}

/** Beside the cursor: which moment it is, and every series' value then. The chart's own text says the same to readers. */
export function ChartReadOut({ group, span, cursor }: ChartReadOutProps) {
  const { language, moment } = useSpeech();
  const words = HISTORY_WORDS[language];
  const cursorMs = useSyncExternalStore(cursor.subscribe, cursor.view);
  if (cursorMs === null) return null;
  const share = shareOf(cursorMs, span);
  return (
    <div
      className="read-out-place"
      style={{ left: PLOT_LEFT_PX, right: PLOT_RIGHT_PX }}
      aria-hidden="true"
      data-testid="read-out"
    >
      <span className="read-out-line" style={{ left: `${share * 100}%` }} />
      <div
        className="read-out"
        style={share > 0.5 ? { right: `${(1 - share) * 100}%` } : { left: `${share * 100}%` }}
      >
        <p className="read-out-time">{moment(cursorMs, span.toMs)}</p>
        {deriveReadOut(group, cursorMs, words.metric).map(({ key, slot, name, value, before }) => (
          <p key={key} className={`colour-${'abcdefgh'[slot]}`}>
            <span className="swatch" />
            <span className="read-out-name">{name}</span>
            <strong>{value}</strong>
            {before !== null && <span className="muted">({words.before(before)})</span>}
          </p>
        ))}
      </div>
    </div>
  );
}
