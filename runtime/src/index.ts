export { type ApiKey, findApiKey, parseApiKey, parseApiKeys } from './api-keys.js';
export type {
  Bus,
  BusState,
  Delivery,
  DeliveryGap,
  LogEntry,
  LogPage,
  ReadLogOptions,
  SubscribeOptions,
  Subscription,
} from './bus/bus.js';
export { createMemoryBus, type MemoryBus, type MemoryBusOptions } from './bus/memory-bus.js';
export { createRedisBus, type RedisBusOptions } from './bus/redis-bus.js';
export { parseRedisTarget, type RedisTarget } from './bus/redis-target.js';
export { BUS_CAUSES, type BusCause } from './bus/refusal.js';
export {
  type ClientAddress,
  createClientAddress,
  type ForwardedRequest,
  parseTrustedProxies,
} from './client-address.js';
export { atEndOfTurn, type Cancel, type Clock, delay, isoTime, keepAlive, systemClock } from './clock.js';
export {
  type ConfigOf,
  commonSettings,
  type Environment,
  integer,
  oneOf,
  origins,
  parsed,
  readConfig,
  redisUrl,
  type Setting,
  type Settings,
  text,
  url,
} from './config.js';
export {
  ConfigError,
  type ConfigMistake,
  RUNTIME_ERRORS,
  RuntimeError,
  type RuntimeErrorCode,
} from './errors.js';
export { createFailedKeys, type FailedKeys, networkOf } from './failed-keys.js';
export { createHealth, type DependencyState, type Health, type HealthReport } from './health.js';
export {
  createHttpHost,
  type HttpHost,
  type HttpHostOptions,
  pathOf,
  type RequestHandler,
  sendHttpError,
  sendJson,
  type UpgradeHandler,
} from './http-host.js';
export { isDecodable } from './is-decodable.js';
export { type KeyFile, type KeyFileOptions, keyFilePath, openKeyFile } from './key-file.js';
export { createLifecycle, type Lifecycle, type Stoppable } from './lifecycle.js';
export { explainListenFailure } from './listen-failure.js';
export { createLogger, type Logger, type LogLevel, silentLogger } from './logger.js';
export { createManualClock, type ManualClock } from './manual-clock.js';
export { counter, createMetrics, gauge, histogram, METRIC_PREFIX } from './metrics.js';
export { isOriginAllowed } from './origin.js';
export { redactText } from './redact.js';
export { runProcess } from './run-process.js';
export { type Tally, tallyCounter, tallyHistogram } from './tally.js';
