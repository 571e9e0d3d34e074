import { useSyncExternalStore } from 'react';
import { useApp } from '../app-context.js';
import { useSpeech } from '../i18n/use-language.js';
import type { Theme } from '../settings/settings.js';
import type { IconName } from './icon.js';
import { IconButton } from './icon-button.js';

const THEME_ICONS: Record<Theme, IconName> = { system: 'screen', light: 'sun', dark: 'moon' };

/** Language and theme. */
export function ViewControls() {
  const { settings } = useApp();
  const { language, text } = useSpeech();
  const { theme } = useSyncExternalStore(settings.subscribe, settings.view);
  const other = language === 'en' ? 'ko' : 'en';
  return (
    <>
      <button
        type="button"
        className="icon-button text"
        lang={other}
        aria-label={text.controls.otherLanguage}
        title={text.controls.otherLanguage}
        data-testid="language-toggle"
        onClick={() => settings.setLanguage(other)}
      >
        {other === 'ko' ? '한' : 'EN'}
      </button>
      <IconButton
        icon={THEME_ICONS[theme]}
        label={text.controls.theme[theme]}
        onClick={() => settings.cycleTheme()}
        testId="theme-toggle"
      />
    </>
  );
}
