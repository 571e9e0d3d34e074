import {
  createHealth,
  createHttpHost,
  createMemoryBus,
  createMetrics,
  readConfig,
  silentLogger,
} from '@pulsewire/runtime';
import { describe, expect, it } from 'vitest';
import { appSettings } from './app-settings.js';
import { createHistory } from './history.js';

describe('history beside the live path', () => {
  it('AP-13: not begun, it is 503 and says when to come again', async () => {
    const metrics = createMetrics({ process: 'test', runtimeMetrics: false });
    const room = { logger: silentLogger, metrics, health: createHealth() };
    const settings = readConfig({}, appSettings);
    const bus = createMemoryBus();
    const history = createHistory({ ...room, bus, ownLog: true, settings, keys: () => [] });
    const http = createHttpHost({ ...room, host: '127.0.0.1', port: 0 });
    http.fallback(history.handle);
    const { port } = await http.listen();
    const response = await fetch(`http://127.0.0.1:${port}/api/metrics`);
    expect([response.status, response.headers.get('retry-after'), await response.json()]).toEqual([
      503,
      '1',
      { error: 'not_ready', message: 'history is being started' },
    ]);
    await http.stop();
    await history.stop();
  });
});
