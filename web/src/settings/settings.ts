/** Theme and language: chosen by the browser until the reader chooses, then kept in local storage. */
import { chooseLanguage, LANGUAGES, type Language } from '../i18n/languages.js';
import type { TextStorage } from './storage.js';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export interface Settings {
  readonly theme: Theme;
  readonly language: Language;
}

const THEME_NAME = 'pulsewire.theme';
const LANGUAGE_NAME = 'pulsewire.language';

export class SettingsStore {
  #settings: Settings;
  readonly #listeners = new Set<() => void>();

  constructor(
    readonly storage: TextStorage,
    preferredLanguages: readonly string[],
  ) {
    this.#settings = {
      theme: oneOf(THEMES, storage.get(THEME_NAME)) ?? 'system',
      language: oneOf(LANGUAGES, storage.get(LANGUAGE_NAME)) ?? chooseLanguage(preferredLanguages),
    };
  }

  readonly view = (): Settings => this.#settings;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  setLanguage(language: Language): void {
    this.storage.set(LANGUAGE_NAME, language);
    this.#change({ ...this.#settings, language });
  }

  /** System, light, dark, and round again. */
  cycleTheme(): void {
    const theme = THEMES[(THEMES.indexOf(this.#settings.theme) + 1) % THEMES.length] ?? 'system';
    this.storage.set(THEME_NAME, theme);
    this.#change({ ...this.#settings, theme });
  }

  #change(settings: Settings): void {
    this.#settings = settings;
    for (const listener of this.#listeners) listener();
  }
}

function oneOf<T extends string>(values: readonly T[], value: string | null): T | null {
  return values.find((candidate) => candidate === value) ?? null;
}
