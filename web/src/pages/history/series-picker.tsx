import type { SeriesEntry } from '@pulsewire/shared-schema/rest';
import { useId, useMemo, useState } from 'react';
import { useSpeech } from '../../i18n/use-language.js';
import { Icon } from '../../ui/icon.js';
import { MAX_SERIES } from './history-state.js';
import { filterSeries, nameSeries, orderSeries } from './series-names.js';
import { HISTORY_WORDS } from './words.js';

interface SeriesPickerProps {
  all: readonly SeriesEntry[];
  chosen: readonly SeriesEntry[];
  onChange: (keys: readonly string[]) => void;
}

/** More than this is not read through: the search is there. */
const SHOWN = 200;

/** The chosen series as chips, and, folded away, all there are with a search. */
export function SeriesPicker({ all, chosen, onChange }: SeriesPickerProps) {
  const { language } = useSpeech();
  const words = HISTORY_WORDS[language];
  const [open, setOpen] = useState(false);
  const panelId = useId();
  const keys = chosen.map(({ key }) => key);
  return (
    <div className="series-picker">
      <ul className="chips" aria-label={words.series}>
        {chosen.map((series, slot) => (
          <li key={series.key} className={`chip colour-${'abcdefgh'[slot]}`}>
            <span className="swatch" aria-hidden="true" />
            {nameSeries(series, words.metric)}
            <button
              type="button"
              aria-label={words.remove(nameSeries(series, words.metric))}
              onClick={() => onChange(keys.filter((key) => key !== series.key))}
            >
              <Icon name="close" />
            </button>
          </li>
        ))}
        <li>
          <button
            type="button"
            className="button small"
            aria-expanded={open}
            aria-controls={panelId}
            data-testid="series-open"
            onClick={() => setOpen(!open)}
          >
            <Icon name="plus" />
            {words.addSeries}
          </button>
        </li>
      </ul>
      <div id={panelId} hidden={!open}>
        {open && <SeriesList all={all} keys={keys} onChange={onChange} />}
      </div>
    </div>
  );
}

interface SeriesListProps {
  all: readonly SeriesEntry[];
  keys: readonly string[];
  onChange: (keys: readonly string[]) => void;
}

function SeriesList({ all, keys, onChange }: SeriesListProps) {
  const { language } = useSpeech();
  const words = HISTORY_WORDS[language];
  const [search, setSearch] = useState('');
  const found = useMemo(() => filterSeries(orderSeries(all), search, words.metric), [all, search, words]);
  const isFull = keys.length >= MAX_SERIES;
  return (
    <div className="series-list">
      <div className="series-search">
        <label className="search">
          <Icon name="search" />
          <span className="visually-hidden">{words.searchSeries}</span>
          <input
            type="search"
            value={search}
            placeholder={words.searchSeries}
            data-testid="series-search"
            onChange={(event) => setSearch(event.target.value)}
          />
        </label>
        <span className="muted small" role="status">
          {words.chosen(keys.length, MAX_SERIES)}
        </span>
      </div>
      {found.length === 0 ? (
        <p className="muted small">{words.noMatch(search)}</p>
      ) : (
        <ul>
          {found.slice(0, SHOWN).map((series) => {
            const isChosen = keys.includes(series.key);
            return (
              <li key={series.key}>
                <label>
                  <input
                    type="checkbox"
                    checked={isChosen}
                    disabled={!isChosen && isFull}
                    data-testid="series-option"
                    data-key={series.key}
                    onChange={() =>
                      onChange(isChosen ? keys.filter((key) => key !== series.key) : [...keys, series.key])
                    }
                  />
                  {nameSeries(series, words.metric)}
                  <span className="muted small">{series.unit}</span>
                </label>
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}
