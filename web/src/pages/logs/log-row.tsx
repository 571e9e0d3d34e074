import { memo } from 'react';
import { useSpeech } from '../../i18n/use-language.js';
import { excerptMessage } from './log-excerpt.js';
import { type LogLine, splitMatches } from './log-line.js';
import { LOGS_WORDS } from './words.js';

interface LogRowProps {
  line: LogLine;
  topPx: number;
  heightPx: number;
  search: string;
  isChosen: boolean;
  isMoment: boolean;
  onChoose: (line: LogLine) => void;
}

/** One line, drawn only while it is on the screen. */
export const LogRow = memo(function LogRow(props: LogRowProps) {
  const { line, topPx, heightPx, search, isChosen, isMoment, onChoose } = props;
  const { language, clock } = useSpeech();
  const { level, service, message, timestamp } = line;
  const time = `${clock(Date.parse(timestamp))}.${timestamp.slice(20, 23).replace(/\D/g, '').padEnd(3, '0')}`;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list itself takes the keys
    // biome-ignore lint/a11y/noStaticElementInteractions: see above
    <div
      className={`log-row level-${level} ${isChosen ? 'chosen' : ''} ${isMoment ? 'moment' : ''}`}
      style={{ transform: `translateY(${topPx}px)`, height: heightPx }}
      data-testid="log-row"
      onClick={() => onChoose(line)}
    >
      <span className="log-time">{time}</span>
      <span className="log-level">{LOGS_WORDS[language].level[level]}</span>
      <span className="log-service" title={service}>
        {service}
      </span>
      <span className="log-message">
        {splitMatches(excerptMessage(message, search), search).map((piece, index) =>
          // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text
          index % 2 === 1 ? <mark key={index}>{piece}</mark> : piece,
        )}
      </span>
    </div>
  );
});
