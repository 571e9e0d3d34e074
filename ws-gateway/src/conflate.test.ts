import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { payloadBytes } from './arrival.js';
import { createConflation } from './conflate.js';
import { arrival, metric } from './testing/messages.js';

const sample = (metricType: string, seq: number) => arrival(metric({ metric_type: metricType }), { seq });

describe('conflation', () => {
  it('GW-61: the newest of every series is kept, the others are counted as skipped', () => {
    const steps = fc.array(fc.constantFrom('cpu', 'mem', 'swap', 'disk'), { maxLength: 50 });
    fc.assert(
      fc.property(steps, (types) => {
        const conflation = createConflation();
        types.forEach((type, seq) => {
          conflation.put(sample(type, seq));
        });
        const kept = conflation.take(100).map(({ seq }) => seq);
        const newest = [...new Set(types)].map((type) => types.lastIndexOf(type));
        expect([new Set(kept), conflation.skipped()]).toEqual([
          new Set(newest),
          types.length - newest.length,
        ]);
      }),
    );
  });

  it('GW-97: whatever is put and taken, the bytes that wait are told', () => {
    const put = fc.record({ type: fc.constantFrom('cpu', 'mem', 'swap', 'disk'), size: fc.nat(50) });
    const steps = fc.array(fc.oneof(put, fc.nat(3)), { maxLength: 50 });
    fc.assert(
      fc.property(steps, (all) => {
        const conflation = createConflation(3);
        for (const step of all)
          if (typeof step === 'number') conflation.take(step);
          else conflation.put({ ...sample(step.type, 0), payload: Buffer.alloc(step.size) });
        expect(conflation.waitingBytes()).toBe(payloadBytes(conflation.peek()));
      }),
    );
  });

  it('GW-61: those that wait longest go first, however often they were renewed', () => {
    const conflation = createConflation();
    for (const [type, seq] of [
      ['cpu', 1],
      ['mem', 2],
      ['cpu', 3],
    ] as const)
      conflation.put(sample(type, seq));
    expect(conflation.take(1).map(({ seq }) => seq)).toEqual([3]);
  });

  it('GW-61: taken, no longer waiting', () => {
    const conflation = createConflation();
    conflation.put(sample('cpu', 1));
    conflation.take(5);
    expect([conflation.waiting(), conflation.take(5)]).toEqual([0, []]);
  });

  it('GW-66: more series than may wait, the one that waits longest is skipped', () => {
    const conflation = createConflation(2);
    for (const [seq, type] of ['cpu', 'mem', 'disk'].entries()) conflation.put(sample(type, seq));
    expect([conflation.take(5).map(({ seq }) => seq), conflation.skipped()]).toEqual([[1, 2], 1]);
  });

  it('GW-64: the skipped count starts anew once it was taken', () => {
    const conflation = createConflation();
    conflation.put(sample('cpu', 1));
    conflation.put(sample('cpu', 2));
    expect([conflation.takeSkipped(), conflation.takeSkipped()]).toEqual([1, 0]);
  });
});
