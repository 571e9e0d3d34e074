import { describe, expect, it } from 'vitest';
import { describeWith } from '../support/describe-with.js';
import { runChaos, violationsOf } from './chaos.js';
import { FAULTS, planTurns } from './fault.js';

describe('plan of a chaos run', () => {
  it('CH-2: the same seed twice, the same turns', () => {
    expect(planTurns(7, 30)).toEqual(planTurns(7, 30));
  });

  it('CH-2: as many turns as there are faults, each comes once', () => {
    const { cluster } = FAULTS;
    const faults = planTurns(7, cluster.length, cluster).map(({ fault }) => fault);
    expect(new Set(faults).size).toBe(cluster.length);
  });
});

describeWith(['redis-server'], 'chaos', () => {
  it('CH-1: three faults under load, every number arrives once and in order, within 2 s', async () => {
    const report = await runChaos({ seed: 76, rounds: 3, clients: 4, engine: 'ws', redis: 'server' });
    expect(violationsOf(report)).toEqual([]);
  });
});
