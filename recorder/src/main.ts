/** The recorder as a process of its own: Redis bus, PostgreSQL, health on port 9102. Source: contracts.md §6. */
import {
  commonSettings,
  createHealth,
  createHttpHost,
  createLifecycle,
  createLogger,
  createMetrics,
  createRedisBus,
  readConfig,
  redisUrl,
  runProcess,
  url,
} from '@pulsewire/runtime';
import { openDatabase } from '@pulsewire/store';
import { recorderSettings } from './settings.js';
import { startRecorder } from './start-recorder.js';

const PROCESS = 'recorder';
const HEALTH_PORT = 9102;

await runProcess(PROCESS, async () => {
  const config = readConfig(process.env, {
    ...commonSettings({ port: HEALTH_PORT }),
    ...recorderSettings,
    redisUrl: redisUrl({
      required: true,
      why: 'a recorder on its own receives its messages from Redis, such as redis://127.0.0.1:6379',
    }),
    databaseUrl: url('DATABASE_URL', {
      schemes: ['postgres', 'postgresql'],
      required: true,
      why: 'a recorder on its own writes to PostgreSQL, such as postgresql://pulsewire@127.0.0.1/pulsewire',
    }),
  });
  const format = config.logFormat ?? (process.stdout.isTTY ? 'pretty' : 'json');
  const logger = await createLogger({ level: config.logLevel, format });
  const metrics = createMetrics({ process: PROCESS });
  const health = createHealth();
  const lifecycle = createLifecycle();
  const bus = lifecycle.own(createRedisBus({ url: config.redisUrl, name: PROCESS, logger, metrics }));
  const database = lifecycle.own(openDatabase({ url: config.databaseUrl, name: PROCESS, logger }));
  health.register('bus', () => bus.state);
  lifecycle.own(await startRecorder({ bus, database, settings: config, logger, metrics, health }));
  const { host, port } = config;
  const http = lifecycle.own(createHttpHost({ host, port, logger, health, metrics }));
  const address = await http.listen();
  logger.info(address, 'the recorder runs');
  return lifecycle;
});
