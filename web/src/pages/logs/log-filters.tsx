import { useEffect, useId, useState } from 'react';
import { useApp } from '../../app-context.js';
import { useSpeech } from '../../i18n/use-language.js';
import { Icon } from '../../ui/icon.js';
import { LEVELS, type LogFilter, type LogLevel } from './log-line.js';
import { LOGS_WORDS } from './words.js';

interface LogFiltersProps {
  filter: LogFilter;
  /** In order. */
  services: readonly string[];
  onChange: (changed: Partial<LogFilter>) => void;
}

/** While somebody types, nothing is asked. */
const TYPING_MS = 350;

export function LogFilters({ filter, services, onChange }: LogFiltersProps) {
  const { clock } = useApp();
  const { language } = useSpeech();
  const words = LOGS_WORDS[language];
  const serviceId = useId();
  const [typed, setTyped] = useState(filter.search);

  useEffect(() => {
    if (typed === filter.search) return;
    return clock.after(TYPING_MS, () => onChange({ search: typed }));
  }, [typed, filter.search, clock, onChange]);

  /** With none left all are shown again: an empty list would help nobody. */
  function toggle(level: LogLevel): void {
    const kept = LEVELS.filter((each) => (each === level) !== filter.levels.includes(each));
    onChange({ levels: kept.length === 0 ? LEVELS : kept });
  }

  const known =
    filter.service === null || services.includes(filter.service) ? services : [filter.service, ...services];
  return (
    <>
      <label className="search">
        <Icon name="search" />
        <span className="visually-hidden">{words.search}</span>
        <input
          type="search"
          value={typed}
          placeholder={words.search}
          maxLength={256}
          data-testid="log-search"
          onChange={(event) => setTyped(event.target.value)}
        />
      </label>
      <label className="visually-hidden" htmlFor={serviceId}>
        {words.service}
      </label>
      <select
        id={serviceId}
        value={filter.service ?? ''}
        data-testid="log-service"
        onChange={(event) => onChange({ service: event.target.value || null })}
      >
        <option value="">{words.allServices}</option>
        {known.map((service) => (
          <option key={service} value={service}>
            {service}
          </option>
        ))}
      </select>
      <fieldset className="log-levels">
        <legend className="visually-hidden">{words.levels}</legend>
        {LEVELS.map((level) => (
          <button
            key={level}
            type="button"
            className={`level-${level}`}
            aria-pressed={filter.levels.includes(level)}
            data-testid={`level-${level}`}
            onClick={() => toggle(level)}
          >
            {words.level[level]}
          </button>
        ))}
      </fieldset>
    </>
  );
}
