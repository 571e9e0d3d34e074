import { describe, expect, it } from 'vitest';
import { describeWith } from '../support/describe-with.js';
import { playOutage } from './outage-scenario.js';

describeWith(['redis-server'], 'outage of Redis under load', () => {
  for (const kind of ['kill', 'freeze'] as const)
    describe(`Redis: ${kind}`, () => {
      it(`TE-1: redis ${kind} under load, every alert and transition arrives once and in order`, async () => {
        const report = await playOutage({ kind, clients: 25, outageMs: 1500 });
        expect(report).toMatchObject({ missing: 0, doubled: 0, misordered: 0, gatewayAlive: true });
      });

      it(`TE-2: redis ${kind} under load, the gateway logs one warning`, async () => {
        const report = await playOutage({ kind, clients: 5, outageMs: 1500 });
        expect(report.gatewayWarnings).toHaveLength(1);
      });
    });
});
