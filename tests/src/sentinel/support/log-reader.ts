/** Everything on `system:logs`, in the order of its arrival, and a sentinel that puts it there. */
import {
  type Bus,
  createHealth,
  createMetrics,
  type MemoryBus,
  readConfig,
  silentLogger,
} from '@pulsewire/runtime';
import { sentinelSettings, startSentinel } from '@pulsewire/sentinel';
import { CHANNELS, type Log } from '@pulsewire/shared-schema';
import { parseBusMessage } from '@pulsewire/shared-schema/parse';
import { poll } from '../../support/within.js';

export interface LogReader {
  readonly lines: readonly Log['data'][];
  of(service: string): Log['data'][];
  texts(service: string): string[];
  /** Resolves when a service has a line with this text. */
  until(service: string, text: string | RegExp, timeoutMs?: number): Promise<Log['data']>;
}

export function readLogs(bus: Bus | MemoryBus): LogReader {
  const lines: Log['data'][] = [];
  bus.subscribe({
    channels: [CHANNELS.logs],
    onMessage({ bytes }) {
      const result = parseBusMessage(bytes);
      if (!result.ok) throw new Error(`the sentinel published a bad line: ${result.error.message}`);
      if (result.message.type === 'log') lines.push(result.message.data);
    },
  });
  const of = (service: string) => lines.filter((line) => line.service === service);
  return {
    lines,
    of,
    texts: (service) => of(service).map(({ message }) => message),
    until: (service, text, timeoutMs = 20_000) => {
      const fits = (message: string) => (typeof text === 'string' ? message === text : text.test(message));
      const found = () => of(service).find(({ message }) => fits(message));
      return poll(found, { what: `a line ${text} of ${service}`, timeoutMs }).catch((cause: unknown) => {
        const last = of(service)
          .slice(-3)
          .map(({ message }) => message.slice(0, 80));
        throw new Error(`${service} has ${of(service).length} lines, the last ${JSON.stringify(last)}`, {
          cause,
        });
      });
    },
  };
}

export async function startLogSentinel(bus: Bus, dockerHost: string, env: Record<string, string> = {}) {
  return startSentinel({
    bus,
    settings: readConfig({ DOCKER_HOST: dockerHost, HOST_NAME: 'test-host', ...env }, sentinelSettings),
    logger: silentLogger,
    metrics: createMetrics({ process: 'test', runtimeMetrics: false }),
    health: createHealth(),
  });
}
