import type { Quantity } from '../../format/quantity.js';
import { useSpeech } from '../../i18n/use-language.js';
import type { Freshness } from '../../live/freshness.js';
import type { Level } from '../../live/scales.js';
import type { GaugeView } from '../../live/views.js';
import { Icon } from '../../ui/icon.js';

/** The number of a gauge and its unit. */
export function Figure({ gauge, format }: { gauge: GaugeView; format: (value: number) => Quantity }) {
  const { text } = useSpeech();
  if (gauge.value === null)
    return (
      <span className="figure none">
        <span aria-hidden="true">–</span>
        <span className="visually-hidden">{text.freshness.empty}</span>
      </span>
    );
  const quantity = format(gauge.value);
  return (
    <span className="figure">
      {quantity.text}
      {quantity.unit !== '' && <span className="unit">{quantity.unit}</span>}
    </span>
  );
}

/** High and critical in words and shape; an old value says that it is old instead. */
export function LevelMark({ level, freshness }: { level: Level; freshness: Freshness }) {
  const { text } = useSpeech();
  if (freshness !== 'live' && freshness !== 'empty')
    return (
      <span className="mark old">
        <Icon name="clock" />
        {text.freshness[freshness]}
      </span>
    );
  if (level === 'ok') return null;
  return (
    <span className={`mark ${level}`}>
      <Icon name={level === 'critical' ? 'octagon' : 'triangle'} />
      {text.level[level]}
    </span>
  );
}

/** The moment of an old value, or else the tile's own note. The line is always there, so that nothing jumps. */
export function AsOf({ gauge, otherwise = '' }: { gauge: GaugeView; otherwise?: string | undefined }) {
  const { text, clock } = useSpeech();
  return (
    <span className="tile-note">{gauge.asOfMs === null ? otherwise : text.asOf(clock(gauge.asOfMs))}</span>
  );
}
