/** Puts the settings on the document, now and whenever they change: `data-theme` and `lang` of the root element. */
import type { SettingsStore } from './settings.js';

export function applySettings(settings: SettingsStore): () => void {
  const apply = () => {
    const { theme, language } = settings.view();
    const root = document.documentElement;
    root.lang = language;
    if (theme === 'system') delete root.dataset['theme'];
    else root.dataset['theme'] = theme;
  };
  apply();
  return settings.subscribe(apply);
}
