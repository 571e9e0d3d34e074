/** Theme and language: chosen by the browser until the reader chooses, then kept in local storage. */
import { chooseLanguage, LANGUAGES, type Language } from '../i18n/languages.js';
import type { TextStorage } from './storage.js';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** What a theme comes to. */
export type Look = 'light' | 'dark';

export interface Settings {
  readonly theme: Theme;
  readonly look: Look;
  readonly language: Language;
}

const THEME_NAME = 'pulsewire.theme';
const LANGUAGE_NAME = 'pulsewire.language';

export class SettingsStore {
  #settings: Settings;
  #systemLook: Look;
  readonly #listeners = new Set<() => void>();

  constructor(
    readonly storage: TextStorage,
    preferredLanguages: readonly string[],
    systemLook: Look,
  ) {
    const theme = oneOf(THEMES, storage.get(THEME_NAME)) ?? 'system';
    this.#systemLook = systemLook;
    this.#settings = {
      theme,
      look: deriveLook(theme, systemLook),
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
    this.#change({ ...this.#settings, theme, look: deriveLook(theme, this.#systemLook) });
  }

  /** The system turned to dark or light, by hand or at dusk. */
  setSystemLook(systemLook: Look): void {
    this.#systemLook = systemLook;
    this.#change({ ...this.#settings, look: deriveLook(this.#settings.theme, systemLook) });
  }

  #change(settings: Settings): void {
    this.#settings = settings;
    for (const listener of this.#listeners) listener();
  }
}

function deriveLook(theme: Theme, systemLook: Look): Look {
  return theme === 'system' ? systemLook : theme;
}

function oneOf<T extends string>(values: readonly T[], value: string | null): T | null {
  return values.find((candidate) => candidate === value) ?? null;
}
