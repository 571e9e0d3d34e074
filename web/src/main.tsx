/** Entry of the page: composes its parts, takes over a key from the address, connects, draws. */
import { STREAM_PATH } from '@pulsewire/shared-schema';
import { createRoot } from 'react-dom/client';
import { App } from './app.js';
import { KeyStore } from './key/key-store.js';
import { announceAlerts } from './live/announce.js';
import { EngineReport } from './live/engine-report.js';
import { LiveStore } from './live/live-store.js';
import { createStreamSession } from './live/stream-session.js';
import { addressHistory } from './platform/address-history.js';
import { pageClock } from './platform/clock.js';
import { fetchReadiness } from './platform/readiness.js';
import { readSystemLook, watchSystemLook } from './platform/system-look.js';
import { createRestClient } from './rest/rest-client.js';
import { Router } from './route/router.js';
import { applySettings } from './settings/apply-settings.js';
import { SettingsStore } from './settings/settings.js';
import { createStorage } from './settings/storage.js';
import './theme/index.css';

const settings = new SettingsStore(
  createStorage(() => window.localStorage),
  navigator.languages,
  readSystemLook(),
);
applySettings(settings);
watchSystemLook((look) => settings.setSystemLook(look));

const keys = new KeyStore(
  createStorage(() => window.sessionStorage),
  {
    hash: () => window.location.hash,
    replaceHash: (hash) => {
      const { pathname, search } = window.location;
      window.history.replaceState(window.history.state, '', `${pathname}${search}${hash}`);
    },
  },
);
const store = new LiveStore(pageClock);
const feedUrl = `${window.location.protocol === 'https:' ? 'wss' : 'ws'}://${window.location.host}${STREAM_PATH}`;
const session = createStreamSession({
  clock: pageClock,
  store,
  url: feedUrl,
  onKeyRefused: () => keys.forget(),
});

const rest = createRestClient({ key: () => keys.get(), fetch: (...question) => window.fetch(...question) });
const router = new Router(addressHistory);
const engine = new EngineReport(pageClock, fetchReadiness);

announceAlerts(store, settings, router);
keys.takeFromAddress();
const key = keys.get();
if (key !== null) session.connect(key);

const root = document.getElementById('root');
if (root !== null)
  createRoot(root).render(
    <App parts={{ clock: pageClock, store, settings, keys, session, router, rest, feedUrl, engine }} />,
  );
