import { memo, useId, useState } from 'react';
import { formatPercent, joined } from '../../format/quantity.js';
import { useSpeech } from '../../i18n/use-language.js';
import { deriveLevel, THRESHOLDS } from '../../live/scales.js';
import type { CoreView } from '../../live/views.js';
import { Icon } from '../../ui/icon.js';
import { Meter } from '../../ui/meter.js';

/** Every core as a thin bar; opened, every core with its number. */
export const CorePanel = memo(function CorePanel({ cores }: { cores: readonly CoreView[] }) {
  const { text } = useSpeech();
  const [open, setOpen] = useState(false);
  const listId = useId();
  const highest = Math.max(0, ...cores.map((core) => core.value ?? 0));
  return (
    <div className="cores" data-freshness={cores[0]?.freshness} data-testid="cores">
      <button
        type="button"
        className="cores-button"
        aria-expanded={open}
        aria-controls={listId}
        onClick={() => setOpen(!open)}
      >
        <span className="tile-label">{text.gauge.cores(cores.length)}</span>
        <span className="core-bars" aria-hidden="true">
          {cores.map((core) => (
            <CoreBar key={core.core} core={core} />
          ))}
        </span>
        <span className="muted small">{text.gauge.highest(joined(formatPercent(highest)))}</span>
        <span className="visually-hidden">{open ? text.gauge.hideCores : text.gauge.showCores}</span>
        <Icon name="chevron" className={open ? 'turned' : ''} />
      </button>
      <ul className="core-list" id={listId} hidden={!open}>
        {open && cores.map((core) => <CoreRow key={core.core} core={core} />)}
      </ul>
    </div>
  );
});

const CoreBar = memo(function CoreBar({ core }: { core: CoreView }) {
  const share = Math.min(1, Math.max(0.02, (core.value ?? 0) / 100));
  return (
    <span className={`core-bar level-${deriveLevel(core.value ?? 0, THRESHOLDS.cpu)}`}>
      <span style={{ transform: `scaleY(${share.toFixed(2)})` }} />
    </span>
  );
});

const CoreRow = memo(function CoreRow({ core }: { core: CoreView }) {
  const { text } = useSpeech();
  return (
    <li
      data-testid="core"
      data-core={core.core}
      data-value={core.value ?? ''}
      data-freshness={core.freshness}
    >
      <span className="core-name">{text.gauge.core(core.core)}</span>
      <Meter value={core.value} level={deriveLevel(core.value ?? 0, THRESHOLDS.cpu)} />
      <span className="core-value">{core.value === null ? '–' : joined(formatPercent(core.value))}</span>
    </li>
  );
});
