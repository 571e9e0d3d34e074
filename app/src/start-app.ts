/**
 * The whole of Pulsewire in one process: sentinel → bus → gateway → browser, on one port, and history beside it. The
 * same rooms run apart in the distributed form; only what is composed here differs.
 */
import {
  type ApiKey,
  type Bus,
  createHealth,
  createHttpHost,
  createLifecycle,
  createMemoryBus,
  createMetrics,
  createRedisBus,
  type Logger,
  openKeyFile,
  parseApiKeys,
  pathOf,
  type Stoppable,
} from '@pulsewire/runtime';
import { startSentinel } from '@pulsewire/sentinel';
import { API_PREFIX } from '@pulsewire/shared-schema/rest';
import { startGateway } from '@pulsewire/ws-gateway';
import type { AppSettings } from './app-settings.js';
import { createHistory } from './history.js';
import { loadLocalKey } from './local-key.js';
import { keepAlerts } from './standing-alerts.js';
import { withStateFolder } from './state-folder.js';
import { createWebFiles } from './web-files.js';

export interface App extends Stoppable {
  /** Where the dashboard is. Carries the generated key in its fragment; without one when keys were given. */
  dashboardUrl: string;
  /** Reads the file of keys again; `null` when there is none. */
  reloadKeys: (() => void) | null;
}

/** Of each channel, whichever is reached first, so that all of it together stays within 400 MB. */
const LOG = { logEntries: 50_000, logBytes: 16_777_216 } as const;

/** Starts everything and listens. What was started is stopped again when a later step fails. */
export async function startApp(settings: AppSettings, logger: Logger): Promise<App> {
  const lifecycle = createLifecycle();
  try {
    return { ...(await compose(settings, logger, lifecycle)), stop: () => lifecycle.stop() };
  } catch (error) {
    await lifecycle.stop();
    throw error;
  }
}

async function compose(
  settings: AppSettings,
  logger: Logger,
  lifecycle: ReturnType<typeof createLifecycle>,
): Promise<Omit<App, 'stop'>> {
  const { apiKeys, apiKeysFile: path } = settings;
  const metrics = createMetrics({ process: 'app' });
  const others = apiKeys ?? [];
  const file = path === undefined ? null : lifecycle.own(openKeyFile({ path, others, logger, metrics }));
  const localKey = file === null && apiKeys === undefined ? await loadLocalKey(settings.dataDir) : null;
  const keys: readonly ApiKey[] = file?.keys ?? apiKeys ?? parseApiKeys(`local:${localKey}`);
  const health = createHealth();
  const bus = lifecycle.own(createBus(settings, logger, metrics));
  const ownLog = settings.redisUrl === undefined;
  if (ownLog) lifecycle.own(await keepAlerts(bus, settings.dataDir, logger));
  const http = createHttpHost({ host: settings.host, port: settings.port, logger, health, metrics });
  const files = createWebFiles();
  const room = { bus, settings, logger, metrics, health };
  const history = lifecycle.own(createHistory({ ...room, ownLog, keys: () => file?.keys ?? keys }));
  lifecycle.own(http);
  const gateway = lifecycle.own(await startGateway({ ...room, keys, http, name: 'app' }));
  file?.onChange((changed) => gateway.replaceKeys(changed));
  http.fallback((request, response) => {
    const isApi = pathOf(request).startsWith(API_PREFIX);
    return isApi ? history.handle(request, response) : files(request, response);
  });
  const address = await http.listen();
  lifecycle.own(await startSentinel({ ...room, settings: await withStateFolder(settings, logger) }));
  history.begin();
  return {
    dashboardUrl: renderDashboardUrl(address, localKey),
    reloadKeys: file?.reload ?? null,
  };
}

function createBus(settings: AppSettings, logger: Logger, metrics: ReturnType<typeof createMetrics>): Bus {
  if (settings.redisUrl === undefined) return createMemoryBus(LOG);
  return createRedisBus({
    url: settings.redisUrl,
    name: 'app',
    logger: logger,
    metrics,
  });
}

function renderDashboardUrl({ host, port }: { host: string; port: number }, key: string | null): string {
  const everywhere = host === '0.0.0.0' || host === '::';
  const name = everywhere ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}/${key === null ? '' : `#key=${key}`}`;
}
