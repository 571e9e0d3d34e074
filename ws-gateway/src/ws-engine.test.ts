import {
  createHealth,
  createHttpHost,
  createLifecycle,
  createMetrics,
  silentLogger,
} from '@pulsewire/runtime';
import { describeEngine } from './engine-contract.test-support.js';
import { createWsEngine } from './ws-engine.js';

describeEngine('ws', async (handler) => {
  const lifecycle = createLifecycle();
  const metrics = createMetrics({ process: 'test', runtimeMetrics: false });
  const options = { host: '127.0.0.1', port: 0, logger: silentLogger, health: createHealth(), metrics };
  const http = lifecycle.own(createHttpHost(options));
  lifecycle.own(createWsEngine({ http, handler }));
  const { port } = await http.listen();
  return { port, stop: () => lifecycle.stop() };
});
