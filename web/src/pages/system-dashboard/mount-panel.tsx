import { memo, useState } from 'react';
import { formatPercent, joined } from '../../format/quantity.js';
import { useSpeech } from '../../i18n/use-language.js';
import { deriveLevel, THRESHOLDS } from '../../live/scales.js';
import type { MountView } from '../../live/views.js';
import { Meter } from '../../ui/meter.js';
import { LevelMark } from './gauge-parts.js';

const SHOWN = 6;

/** How full each mount is, the fullest first when there are too many to show. */
export const MountPanel = memo(function MountPanel({ mounts }: { mounts: readonly MountView[] }) {
  const { text, clock } = useSpeech();
  const [all, setAll] = useState(false);
  const tooMany = mounts.length > SHOWN;
  const ordered = tooMany ? mounts.toSorted((a, b) => (b.value ?? 0) - (a.value ?? 0)) : mounts;
  const shown = tooMany && !all ? ordered.slice(0, SHOWN - 1) : ordered;
  return (
    <div className="chart-card mounts" data-testid="mounts">
      <h3>{text.gauge.mounts}</h3>
      <ul>
        {shown.map((mount) => {
          const level = deriveLevel(mount.value ?? 0, THRESHOLDS.disk);
          return (
            <li
              key={mount.mount}
              data-testid="gauge-mount"
              data-mount={mount.mount}
              data-value={mount.value ?? ''}
              data-freshness={mount.freshness}
            >
              <span className="mount-name" title={mount.mount}>
                <bdi>{mount.mount}</bdi>
              </span>
              <LevelMark level={level} freshness={mount.freshness} />
              <span
                className="mount-value"
                title={mount.asOfMs === null ? undefined : text.asOf(clock(mount.asOfMs))}
              >
                {mount.value === null ? '–' : joined(formatPercent(mount.value))}
              </span>
              <Meter value={mount.value} level={level} />
            </li>
          );
        })}
      </ul>
      {tooMany && (
        <button type="button" className="link" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? text.gauge.fewer : text.gauge.more(mounts.length - SHOWN + 1)}
        </button>
      )}
    </div>
  );
});
