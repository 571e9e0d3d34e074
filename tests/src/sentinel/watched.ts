/** A sentinel on a memory bus that watches a real engine, and everything that it says about containers. */
import {
  createHealth,
  createMemoryBus,
  createMetrics,
  type Health,
  type Logger,
  readConfig,
  silentLogger,
} from '@pulsewire/runtime';
import { sentinelSettings, startSentinel } from '@pulsewire/sentinel';
import { type BusMessage, CHANNELS, type ContainerStatus } from '@pulsewire/shared-schema';
import { parseBusMessage } from '@pulsewire/shared-schema/parse';
import { within } from '../support/within.js';

export interface LogLine {
  level: 'info' | 'warn' | 'error';
  message: string;
}

export interface WatchedEngine {
  readonly messages: readonly BusMessage[];
  readonly log: readonly LogLine[];
  readonly health: Health;
  /** The first message, past or future, that fits. */
  message(what: string, fits: (message: BusMessage) => boolean, timeoutMs?: number): Promise<BusMessage>;
  /** The same for what is said about one container. */
  status(
    container: string,
    fits: (data: ContainerStatus['data']) => boolean,
  ): Promise<ContainerStatus['data']>;
  /** Everything said about one container so far. */
  statusesOf(container: string): ContainerStatus['data'][];
  stop(): Promise<void>;
}

export async function watchEngine(
  dockerHost: string,
  env: Record<string, string> = {},
): Promise<WatchedEngine> {
  const bus = createMemoryBus();
  const messages: BusMessage[] = [];
  const log: LogLine[] = [];
  const waiting = new Set<() => void>();
  bus.subscribe({
    channels: [CHANNELS.metrics],
    onMessage({ bytes }) {
      const result = parseBusMessage(bytes);
      if (!result.ok) throw new Error(`the sentinel published a bad message: ${result.error.message}`);
      messages.push(result.message);
      for (const look of [...waiting]) look();
    },
  });
  const health = createHealth();
  const sentinel = await startSentinel({
    bus,
    settings: readConfig({ DOCKER_HOST: dockerHost, HOST_NAME: 'test-host', ...env }, sentinelSettings),
    logger: recordingLogger(log),
    metrics: createMetrics({ process: 'test', runtimeMetrics: false }),
    health,
  });

  async function message(what: string, fits: (message: BusMessage) => boolean, timeoutMs = 15_000) {
    let look = () => {};
    const found = new Promise<BusMessage>((resolve) => {
      look = () => {
        const match = messages.find(fits);
        if (match !== undefined) resolve(match);
      };
      waiting.add(look);
      look();
    });
    return within(found, timeoutMs, what, () => JSON.stringify(messages.filter(isStatus), null, 1)).finally(
      () => waiting.delete(look),
    );
  }

  return {
    messages,
    log,
    health,
    message,
    async status(container, fits) {
      const isIt = (entry: BusMessage) =>
        entry.type === 'container_status' && entry.data.container === container && fits(entry.data);
      const found = await message(`a status of ${container}`, isIt);
      if (!isStatus(found)) throw new Error('unreachable');
      return found.data;
    },
    statusesOf: (container) =>
      messages
        .filter(isStatus)
        .map(({ data }) => data)
        .filter((data) => data.container === container),
    stop: () => sentinel.stop(),
  };
}

function isStatus(message: BusMessage): message is ContainerStatus {
  return message.type === 'container_status';
}

function recordingLogger(log: LogLine[]): Logger {
  const logger: Logger = {
    ...silentLogger,
    info: (_fields, message) => void log.push({ level: 'info', message }),
    warn: (_fields, message) => void log.push({ level: 'warn', message }),
    error: (_fields, message) => void log.push({ level: 'error', message }),
    child: () => logger,
  };
  return logger;
}
