import { createHealth, createHttpHost, createMetrics, silentLogger } from '@pulsewire/runtime';
import { describe, expect, it } from 'vitest';
import { pickEngine, requireEngineHost } from './engine-choice.js';
import type { UwsModule } from './uws-module.js';

const uws = {} as UwsModule;
const there = () => ({ module: uws });
const missing = () => ({ missing: 'no package' });

describe('the choice of the engine', () => {
  it.each([
    ['auto', there, 'uws'],
    ['auto', missing, 'ws'],
    ['ws', there, 'ws'],
    ['uws', there, 'uws'],
  ] as const)('GW-94: %s, %o, %s', (wanted, load, expected) => {
    expect(pickEngine(wanted, load).name).toBe(expected);
  });

  it('GW-94: uws demanded and missing, a mistake that tells why and the fix', () => {
    expect(() => pickEngine('uws', missing)).toThrow(/GATEWAY_ENGINE="uws".*no package.*docs/);
  });

  it('GW-94: uws demanded on a shared port, a mistake', () => {
    const metrics = createMetrics({ process: 'test', runtimeMetrics: false });
    const address = { host: '127.0.0.1', port: 0 };
    const http = createHttpHost({ ...address, logger: silentLogger, health: createHealth(), metrics });
    expect(() => requireEngineHost('uws', http)).toThrow(/auto or ws/);
    expect(() => requireEngineHost('auto', http)).not.toThrow();
  });
});
