/** What components reach beyond their props: the data, the settings, the connection, the key. */
import type { Topic } from '@pulsewire/shared-schema';
import { createContext, useContext, useSyncExternalStore } from 'react';
import type { KeyStore } from './key/key-store.js';
import type { EngineReport } from './live/engine-report.js';
import type { LiveStore } from './live/live-store.js';
import type { StreamSession } from './live/stream-session.js';
import type { LiveView } from './live/views.js';
import type { PageClock } from './platform/clock.js';
import type { RestClient } from './rest/rest-client.js';
import type { Router } from './route/router.js';
import type { SettingsStore } from './settings/settings.js';

export interface AppParts {
  readonly clock: PageClock;
  readonly store: LiveStore;
  readonly settings: SettingsStore;
  readonly keys: KeyStore;
  readonly session: StreamSession;
  readonly router: Router;
  readonly rest: RestClient;
  /** Address of the feed, without key. */
  readonly feedUrl: string;
  readonly engine: EngineReport;
}

// `App` provides the value above everything that reads it; there is no sensible default.
export const AppContext = createContext(null as unknown as AppParts);

export function useApp(): AppParts {
  return useContext(AppContext);
}

/** False when the gateway has said that it brings nothing of this topic: the key may not read it. */
export function useReads(topic: Topic): boolean {
  return useLive(({ topics }) => topics?.includes(topic) ?? true);
}

/** Part of the live view; draws again only when that part is another object. */
export function useLive<T>(select: (view: LiveView) => T): T {
  const { store } = useApp();
  return useSyncExternalStore(store.subscribe, () => select(store.view()));
}
