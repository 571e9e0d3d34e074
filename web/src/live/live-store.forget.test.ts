import { describe, expect, it } from 'vitest';
import { createStand } from '../testing/fake-stream.test-support.js';
import { START_MS } from '../testing/manual-clock.test-support.js';
import { container, sample } from '../testing/messages.test-support.js';
import { ContainerModel } from './container-model.js';

const HOUR_MS = 3_600_000;

describe('what is let go', () => {
  it('WB-37: silent for less than a day, the host is still shown as stale', () => {
    const stand = createStand();
    stand.send(sample('cpu', 1, START_MS));
    stand.clock.advance(23 * HOUR_MS);
    expect(stand.settle().hosts.map(({ freshness }) => freshness)).toEqual(['stale']);
  });
  it('WB-37: silent for more than a day, the host has gone with its containers', () => {
    const stand = createStand();
    stand.send(sample('cpu', 1, START_MS));
    stand.send(container('a', START_MS));
    stand.clock.advance(24 * HOUR_MS + 60_000);
    const { hosts, containers } = stand.settle();
    expect([hosts, containers]).toEqual([[], []]);
  });
  it('WB-37: samples without a status, they wait 90 s for it and no longer', () => {
    const model = new ContainerModel();
    const { data } = sample('cpu', 5, START_MS, { container: 'a' });
    const cpuOnceNamed = () => {
      model.applyStatus(container('a', START_MS).data, START_MS);
      return model.view('flowing', START_MS, new Set())[0]?.cpuPercent;
    };
    model.applyMetric(data, START_MS);
    model.forgetUnnamed(START_MS + 90_001);
    expect(cpuOnceNamed()).toBeNull();
  });
});
