/** The bridge as a process: environment → PostgreSQL read-only, HTTP and Socket.IO. Source: contracts.md §6. */
import {
  commonSettings,
  createHealth,
  createLifecycle,
  createLogger,
  createMetrics,
  parseApiKeys,
  parsed,
  readConfig,
  runProcess,
  url,
} from '@pulsewire/runtime';
import { openDatabase } from '@pulsewire/store';
import { readOnlyUrl } from './read-only-url.js';
import { bridgeSettings } from './settings.js';
import { startBridge } from './start-bridge.js';

const PROCESS = 'status-bridge';
const DEFAULT_PORT = 8090;
/** Two for the status, one for the log, one to spare. */
const CONNECTIONS = 4;
/** Short, so that a connection that leads nowhere any more is given up while others are tried. */
const STATEMENT_TIMEOUT_MS = 3000;
const CONNECT_TIMEOUT_MS = 5000;

const settings = {
  ...commonSettings({ port: DEFAULT_PORT }),
  ...bridgeSettings,
  databaseUrl: url('BRIDGE_DATABASE_URL', {
    schemes: ['postgres', 'postgresql'],
    required: true,
    why: 'the bridge reads from PostgreSQL, such as postgresql://pulsewire_reader:…@100.64.0.1:5432/pulsewire',
  }),
  apiKeys: parsed('API_KEYS', { secret: true, parse: parseApiKeys }),
};

await runProcess(PROCESS, async () => {
  const config = readConfig(process.env, settings);
  const format = config.logFormat ?? (process.stdout.isTTY ? 'pretty' : 'json');
  const logger = await createLogger({ level: config.logLevel, format });
  const lifecycle = createLifecycle();
  const database = lifecycle.own(
    openDatabase({
      url: readOnlyUrl(config.databaseUrl),
      name: PROCESS,
      logger,
      connections: CONNECTIONS,
      statementTimeoutMs: STATEMENT_TIMEOUT_MS,
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
    }),
  );
  const { host, port, apiKeys: keys } = config;
  const metrics = createMetrics({ process: PROCESS });
  const health = createHealth();
  const bridge = await startBridge({ database, settings: config, keys, host, port, logger, metrics, health });
  lifecycle.own(bridge);
  logger.info({ ...bridge.address, keys: keys.length }, 'the status bridge is listening');
  return lifecycle;
});
