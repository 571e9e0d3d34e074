/** The API as a process of its own: Redis bus, PostgreSQL, HTTP on port 3001. Source: contracts.md §6. */
import {
  commonSettings,
  createHealth,
  createHttpHost,
  createLifecycle,
  createLogger,
  createMetrics,
  createRedisBus,
  keyFilePath,
  openKeyFile,
  parseApiKeys,
  parsed,
  readConfig,
  redisUrl,
  runProcess,
  url,
} from '@pulsewire/runtime';
import { openDatabase } from '@pulsewire/store';
import { apiSettings } from './settings.js';
import { startApi } from './start-api.js';

const PROCESS = 'api';
const DEFAULT_PORT = 3001;
/** Nobody waits longer for a chart. */
const STATEMENT_TIMEOUT_MS = 10_000;

await runProcess(PROCESS, async () => {
  const config = readConfig(process.env, {
    ...commonSettings({ port: DEFAULT_PORT }),
    ...apiSettings,
    redisUrl: redisUrl({
      required: true,
      why: 'an API on its own hears of the machines from Redis, such as redis://127.0.0.1:6379',
    }),
    databaseUrl: url('DATABASE_URL', {
      schemes: ['postgres', 'postgresql'],
      required: true,
      why: 'an API on its own reads from PostgreSQL, such as postgresql://pulsewire@127.0.0.1/pulsewire',
    }),
    apiKeys: parsed('API_KEYS', {
      secret: true,
      parse: (raw) => (raw === undefined && process.env['API_KEYS_FILE']?.trim() ? [] : parseApiKeys(raw)),
    }),
    apiKeysFile: keyFilePath(),
  });
  const format = config.logFormat ?? (process.stdout.isTTY ? 'pretty' : 'json');
  const logger = await createLogger({ level: config.logLevel, format });
  const metrics = createMetrics({ process: PROCESS });
  const health = createHealth();
  const lifecycle = createLifecycle();
  const bus = lifecycle.own(createRedisBus({ url: config.redisUrl, name: PROCESS, logger, metrics }));
  const database = lifecycle.own(
    openDatabase({
      url: config.databaseUrl,
      name: PROCESS,
      logger,
      statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    }),
  );
  // Without it history is answered all the same.
  health.register('bus', () => bus.state, { critical: false });
  const { host, port, apiKeys, apiKeysFile: path } = config;
  const file =
    path === undefined ? null : lifecycle.own(openKeyFile({ path, others: apiKeys, logger, metrics }));
  if (file !== null) process.on('SIGHUP', () => file.reload());
  const keys = () => file?.keys ?? apiKeys;
  const api = lifecycle.own(
    await startApi({ bus, database, settings: config, keys, logger, metrics, health }),
  );
  const http = lifecycle.own(createHttpHost({ host, port, logger, health, metrics }));
  http.fallback(api.handle);
  const address = await http.listen();
  logger.info({ ...address, keys: keys().length }, 'the API is listening');
  return lifecycle;
});
