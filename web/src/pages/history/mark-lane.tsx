import { useId, useState } from 'react';
import { useSpeech } from '../../i18n/use-language.js';
import { Icon } from '../../ui/icon.js';
import { shareOf } from './brush.js';
import { PLOT_LEFT_PX, PLOT_RIGHT_PX } from './chart-look.js';
import { clusterMarks, MARK_ICONS, type Mark, type MarkCluster, toneOf } from './marks.js';
import type { Span } from './range.js';
import { sayMark } from './say-mark.js';
import { HISTORY_WORDS } from './words.js';
import './marks.css';

interface MarkLaneProps {
  marks: readonly Mark[];
  span: Span;
  onMoment: (timeMs: number) => void;
}

/** Marks nearer than this lie upon each other. */
const NEAR_PX = 28;
const SHOWN_IN_CLUSTER = 8;

/** What happened, above the charts: each mark a button that tells, and picks its moment. */
export function MarkLane({ marks, span, onMoment }: MarkLaneProps) {
  const { language } = useSpeech();
  const words = HISTORY_WORDS[language];
  const lanePx = Math.max(NEAR_PX, window.innerWidth - PLOT_LEFT_PX - PLOT_RIGHT_PX);
  const clusters = clusterMarks(marks, (NEAR_PX / lanePx) * (span.toMs - span.fromMs));
  return (
    <ul
      className="mark-lane"
      aria-label={words.marks}
      style={{ marginLeft: PLOT_LEFT_PX, marginRight: PLOT_RIGHT_PX }}
      data-testid="mark-lane"
      data-count={marks.length}
    >
      {clusters.map((cluster) => (
        <MarkButton
          key={`${cluster.timeMs} ${cluster.marks.length}`}
          cluster={cluster}
          share={shareOf(cluster.timeMs, span)}
          onPick={() => onMoment(cluster.timeMs)}
        />
      ))}
    </ul>
  );
}

interface MarkButtonProps {
  cluster: MarkCluster;
  share: number;
  onPick: () => void;
}

function MarkButton({ cluster, share, onPick }: MarkButtonProps) {
  const speech = useSpeech();
  const words = HISTORY_WORDS[speech.language];
  const tipId = useId();
  const [shown, setShown] = useState(false);
  const tone = toneOf(cluster);
  const { marks } = cluster;
  return (
    <li style={{ left: `${share * 100}%` }}>
      <button
        type="button"
        className={`mark-button tone-${tone}`}
        aria-label={words.eventsOf(marks.length)}
        aria-describedby={tipId}
        data-testid="mark"
        data-tone={tone}
        onPointerEnter={() => setShown(true)}
        onPointerLeave={() => setShown(false)}
        onFocus={() => setShown(true)}
        onBlur={() => setShown(false)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') setShown(false);
        }}
        onClick={onPick}
      >
        <Icon name={MARK_ICONS[tone]} />
        {marks.length > 1 && <span aria-hidden="true">{marks.length}</span>}
      </button>
      <div id={tipId} role="tooltip" className={`mark-tip ${share > 0.5 ? 'to-left' : ''}`} hidden={!shown}>
        {marks.slice(0, SHOWN_IN_CLUSTER).map((mark) => (
          <p key={JSON.stringify(mark)}>{`${speech.clock(mark.timeMs)} ${sayMark(mark, speech, words)}`}</p>
        ))}
        {marks.length > SHOWN_IN_CLUSTER && <p className="muted">+{marks.length - SHOWN_IN_CLUSTER}</p>}
      </div>
    </li>
  );
}
