/** Puts the settings on the document, now and whenever they change: `data-theme` and `lang` of the root element. */
import type { SettingsStore } from './settings.js';

export function applySettings(settings: SettingsStore): () => void {
  const apply = () => {
    const { look, language } = settings.view();
    const root = document.documentElement;
    root.lang = language;
    root.dataset['theme'] = look;
  };
  apply();
  return settings.subscribe(apply);
}
