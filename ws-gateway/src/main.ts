/** The gateway as a process of its own: environment → Redis bus, HTTP host, gateway. */
import { maxHeaderSize } from 'node:http';
import {
  commonSettings,
  createHealth,
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
} from '@pulsewire/runtime';
import { pickEngine } from './engine-choice.js';
import { createGatewayHost } from './gateway-host.js';
import { gatewaySettings } from './settings.js';
import { startGateway } from './start-gateway.js';
import { loadUws } from './uws-module.js';

const PROCESS = 'ws-gateway';
const DEFAULT_PORT = 8081;

const settings = {
  ...commonSettings({ port: DEFAULT_PORT }),
  ...gatewaySettings,
  redisUrl: redisUrl({
    required: true,
    why: 'a gateway that runs alone receives its messages from Redis',
  }),
  apiKeys: parsed('API_KEYS', {
    secret: true,
    parse: (raw) => (raw === undefined && process.env['API_KEYS_FILE']?.trim() ? [] : parseApiKeys(raw)),
  }),
  apiKeysFile: keyFilePath(),
};

await runProcess(PROCESS, async () => {
  const config = readConfig(process.env, settings);
  const logger = await createLogger({
    level: config.logLevel,
    format: config.logFormat ?? (process.stdout.isTTY ? 'pretty' : 'json'),
  });
  const lifecycle = createLifecycle();
  const metrics = createMetrics({ process: PROCESS });
  const health = createHealth();
  const bus = lifecycle.own(createRedisBus({ url: config.redisUrl, name: PROCESS, logger, metrics }));
  // uWebSockets.js reads it while it is loaded; 4 KiB would be less than Node's server takes.
  process.env['UWS_HTTP_MAX_HEADERS_SIZE'] ??= String(maxHeaderSize);
  const { host, port } = config;
  const engine = pickEngine(config.engine, loadUws);
  const http = lifecycle.own(createGatewayHost({ engine, host, port, logger, health, metrics }));
  const { apiKeys, apiKeysFile: path } = config;
  const file =
    path === undefined ? null : lifecycle.own(openKeyFile({ path, others: apiKeys, logger, metrics }));
  const keys = file?.keys ?? apiKeys;
  const name = String(port);
  const gateway = await startGateway({ bus, settings: config, keys, logger, metrics, health, http, name });
  lifecycle.own(gateway);
  file?.onChange((changed) => gateway.replaceKeys(changed));
  const address = await http.listen();
  logger.info({ ...address, engine: engine.name, keys: keys.length }, 'the gateway is listening');
  return { stop: lifecycle.stop, reload: file?.reload ?? null };
});
