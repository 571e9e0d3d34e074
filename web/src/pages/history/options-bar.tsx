import { useId } from 'react';
import { fromLocalInput, toLocalInput } from '../../format/local-input.js';
import { useSpeech } from '../../i18n/use-language.js';
import { Icon } from '../../ui/icon.js';
import type { Compare, HistoryState } from './history-state.js';
import type { Span } from './range.js';
import { HISTORY_WORDS } from './words.js';

interface OptionsBarProps {
  state: HistoryState;
  span: Span;
  canExport: boolean;
  onChange: (changed: Partial<HistoryState>) => void;
  onCsv: () => void;
  onPng: () => void;
}

/** Comparison, what is drawn besides the lines, and what can be taken home. */
export function OptionsBar({ state, span, canExport, onChange, onCsv, onPng }: OptionsBarProps) {
  const { language } = useSpeech();
  const words = HISTORY_WORDS[language];
  const compareId = useId();
  const { compare } = state;
  const choices: Record<Compare['kind'], () => Compare> = {
    none: () => ({ kind: 'none' }),
    previous: () => ({ kind: 'previous' }),
    from: () => ({ kind: 'from', fromMs: 2 * span.fromMs - span.toMs }),
  };
  const labels: Record<Compare['kind'], string> = {
    none: words.compareNone,
    previous: words.comparePrevious,
    from: words.compareFrom,
  };
  const kinds = Object.keys(choices) as Compare['kind'][];
  return (
    <div className="options-bar">
      <label htmlFor={compareId}>{words.compare}</label>
      <select
        id={compareId}
        value={compare.kind}
        data-testid="compare"
        onChange={(event) => {
          const kind = kinds.find((name) => name === event.target.value) ?? 'none';
          onChange({ compare: choices[kind]() });
        }}
      >
        {kinds.map((kind) => (
          <option key={kind} value={kind}>
            {labels[kind]}
          </option>
        ))}
      </select>
      {compare.kind === 'from' && (
        <input
          type="datetime-local"
          step={1}
          aria-label={words.compareFrom}
          value={toLocalInput(compare.fromMs)}
          data-testid="compare-from"
          onChange={(event) => {
            const fromMs = fromLocalInput(event.target.value);
            if (fromMs !== null) onChange({ compare: { kind: 'from', fromMs } });
          }}
        />
      )}
      <label className="check">
        <input
          type="checkbox"
          checked={state.band}
          data-testid="band"
          onChange={() => onChange({ band: !state.band })}
        />
        {words.band}
      </label>
      <label className="check">
        <input
          type="checkbox"
          checked={state.marks}
          data-testid="marks"
          onChange={() => onChange({ marks: !state.marks })}
        />
        {words.marks}
      </label>
      <span className="exports">
        <button
          type="button"
          className="button small"
          disabled={!canExport}
          title={words.exportCsv}
          data-testid="export-csv"
          onClick={onCsv}
        >
          <Icon name="download" />
          {words.csv}
        </button>
        <button
          type="button"
          className="button small"
          disabled={!canExport}
          title={words.exportPng}
          data-testid="export-png"
          onClick={onPng}
        >
          <Icon name="download" />
          {words.png}
        </button>
      </span>
    </div>
  );
}
