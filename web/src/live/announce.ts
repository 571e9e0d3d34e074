/** Alerts outside of the page's own area: the title always, a browser notification while the page is hidden. */
import type { Alert } from '@pulsewire/shared-schema';
import { sayAlert } from '../i18n/alert-words.js';
import { CATALOGUES } from '../i18n/languages.js';
import { showNotification } from '../platform/notifications.js';
import type { Router } from '../route/router.js';
import type { SettingsStore } from '../settings/settings.js';
import type { LiveStore } from './live-store.js';
import { deriveTitle } from './title.js';

/** Returns the function that ends it. */
export function announceAlerts(store: LiveStore, settings: SettingsStore, router: Router): () => void {
  const words = () => CATALOGUES[settings.view().language];
  const say = (data: Alert['data']) => sayAlert(data, settings.view().language);
  const setTitle = () => {
    const { app, nav } = words();
    const { page } = router.view();
    const title = deriveTitle(
      store.view().firing.length,
      page === 'dashboard' ? null : nav.page[page],
      app.name,
    );
    if (document.title !== title) document.title = title;
  };
  const releases = [
    store.subscribe(setTitle),
    router.subscribe(setTitle),
    store.onAlert(({ alert, news }) => {
      if (document.visibilityState !== 'hidden') return;
      const { alert_id, severity, host } = alert.data;
      const { alerts } = words();
      const heading = news === 'began' ? alerts.severity[severity] : alerts.ended;
      showNotification(`${heading} · ${host}`, { body: say(alert.data), tag: alert_id });
    }),
  ];
  return () => {
    for (const release of releases) release();
  };
}
