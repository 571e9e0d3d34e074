import { type FormEvent, useEffect, useId, useState } from 'react';
import { useApp } from '../../app-context.js';
import { fromLocalInput, toLocalInput } from '../../format/local-input.js';
import { useSpeech } from '../../i18n/use-language.js';
import { IconButton } from '../../ui/icon-button.js';
import { normalizeSpan, PRESETS, type RangeChoice, type Span } from './range.js';
import { HISTORY_WORDS } from './words.js';

interface RangeBarProps {
  range: RangeChoice;
  span: Span;
  isZoomed: boolean;
  onRange: (range: RangeChoice) => void;
  onZoomBy: (factor: number) => void;
  onPan: (share: number) => void;
  onReset: () => void;
}

const ZOOM_STEP = 0.5;
const PAN_STEP = 0.5;

/** Presets, two moments of one's own, and everything that dragging does, as buttons. */
export function RangeBar({ range, span, isZoomed, onRange, onZoomBy, onPan, onReset }: RangeBarProps) {
  const { language } = useSpeech();
  const words = HISTORY_WORDS[language];
  const [custom, setCustom] = useState(range.kind === 'fixed');
  return (
    <div className="range-bar">
      <fieldset className="segments">
        <legend className="visually-hidden">{words.range}</legend>
        {PRESETS.map((preset) => (
          <button
            key={preset}
            type="button"
            aria-pressed={range.kind === 'preset' && range.preset === preset}
            data-testid={`range-${preset}`}
            onClick={() => {
              setCustom(false);
              onRange({ kind: 'preset', preset });
            }}
          >
            {words.preset[preset]}
          </button>
        ))}
        <button
          type="button"
          aria-pressed={range.kind === 'fixed'}
          aria-expanded={custom}
          data-testid="range-custom"
          onClick={() => setCustom(!custom)}
        >
          {words.custom}
        </button>
      </fieldset>
      <div className="zoom-buttons">
        <IconButton icon="left" label={words.earlier} testId="pan-left" onClick={() => onPan(-PAN_STEP)} />
        <IconButton icon="plus" label={words.zoomIn} testId="zoom-in" onClick={() => onZoomBy(ZOOM_STEP)} />
        <IconButton
          icon="minus"
          label={words.zoomOut}
          testId="zoom-out"
          onClick={() => onZoomBy(1 / ZOOM_STEP)}
        />
        <IconButton icon="right" label={words.later} testId="pan-right" onClick={() => onPan(PAN_STEP)} />
        <button
          type="button"
          className="button small"
          disabled={!isZoomed}
          data-testid="zoom-reset"
          onClick={onReset}
        >
          {words.resetZoom}
        </button>
      </div>
      {custom && <CustomRange range={range} span={span} onRange={onRange} />}
    </div>
  );
}

type CustomRangeProps = Pick<RangeBarProps, 'range' | 'span' | 'onRange'>;

function CustomRange({ range, span, onRange }: CustomRangeProps) {
  const { store } = useApp();
  const { language } = useSpeech();
  const words = HISTORY_WORDS[language];
  const [from, setFrom] = useState(() => toLocalInput(span.fromMs));
  const [to, setTo] = useState(() => toLocalInput(span.toMs));
  const fixedFromMs = range.kind === 'fixed' ? range.fromMs : null;
  const fixedToMs = range.kind === 'fixed' ? range.toMs : null;
  // Another range may come from the browser's back, too; the fields keep the focus.
  useEffect(() => {
    if (fixedFromMs === null || fixedToMs === null) return;
    setFrom(toLocalInput(fixedFromMs));
    setTo(toLocalInput(fixedToMs));
  }, [fixedFromMs, fixedToMs]);
  const fromId = useId();
  const toId = useId();
  function submit(event: FormEvent): void {
    event.preventDefault();
    const fromMs = fromLocalInput(from);
    if (fromMs === null) return;
    onRange({ kind: 'fixed', ...normalizeSpan(fromMs, fromLocalInput(to) ?? store.serverNowMs()) });
  }
  return (
    <form className="custom-range" onSubmit={submit}>
      <label htmlFor={fromId}>{words.from}</label>
      <input
        id={fromId}
        type="datetime-local"
        step={1}
        value={from}
        data-testid="range-from"
        onChange={(event) => setFrom(event.target.value)}
      />
      <label htmlFor={toId}>{words.to}</label>
      <input
        id={toId}
        type="datetime-local"
        step={1}
        value={to}
        data-testid="range-to"
        onChange={(event) => setTo(event.target.value)}
      />
      <button type="submit" className="button small primary" data-testid="range-apply">
        {words.apply}
      </button>
    </form>
  );
}
