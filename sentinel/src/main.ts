/** The sentinel as a process of its own: Redis bus, health on port 9101. Source: contracts.md §6. */
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
  systemClock,
} from '@pulsewire/runtime';
import { createOwnLog } from './logs/own-log.js';
import { sentinelSettings } from './settings.js';
import { startSentinel } from './start-sentinel.js';

const HEALTH_PORT = 9101;
const FLUSH_TIMEOUT_MS = 2000;

await runProcess('sentinel', async () => {
  const config = readConfig(process.env, {
    ...commonSettings({ port: HEALTH_PORT }),
    ...sentinelSettings,
    redisUrl: redisUrl({
      required: true,
      why: 'a sentinel on its own publishes through Redis, such as redis://127.0.0.1:6379',
    }),
  });
  const format = config.logFormat ?? (process.stdout.isTTY ? 'pretty' : 'json');
  const ownLog = createOwnLog(systemClock);
  const logger = ownLog.tap(await createLogger({ level: config.logLevel, format }));
  // The runtime's own metrics cost memory that a collector should not take from its host.
  const metrics = createMetrics({ process: 'sentinel', runtimeMetrics: false });
  const health = createHealth();
  const lifecycle = createLifecycle();
  const bus = lifecycle.own(createRedisBus({ url: config.redisUrl, name: 'sentinel', logger, metrics }));
  lifecycle.add(async () => {
    await bus.flush(FLUSH_TIMEOUT_MS);
  });
  health.register('bus', () => bus.state);
  lifecycle.own(await startSentinel({ bus, settings: config, logger, metrics, health, ownLog }));
  const http = lifecycle.own(
    createHttpHost({ host: config.host, port: config.port, logger, health, metrics }),
  );
  const { host, port } = await http.listen();
  logger.info({ host, port, sampleIntervalMs: config.sampleIntervalMs }, 'sentinel runs');
  return lifecycle;
});
