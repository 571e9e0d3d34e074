import { CHANNELS } from '@pulsewire/shared-schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createOutbox, OUTBOX_LIMITS, type OutgoingKind } from './outbox.js';

const { metrics, events } = CHANNELS;
const limits = { transitions: 5, samples: 8, sampleAgeMs: 100 };
const anyCall = fc.oneof(
  fc.record({
    do: fc.constant('add' as const),
    kind: fc.constantFrom<OutgoingKind>('sample', 'transition'),
    channel: fc.constantFrom(metrics, events),
  }),
  fc.record({
    do: fc.constantFrom('batch' as const, 'small batch' as const, 'taken' as const, 'unknown' as const),
  }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.nat(120) }),
);
type Call = typeof anyCall extends fc.Arbitrary<infer C> ? C : never;

/** Plays calls, then empties the outbox; returns what went out and what it said that it dropped. */
function play(calls: readonly Call[]) {
  const outbox = createOutbox(limits);
  const out: { seq: number; kind: OutgoingKind; ageMs: number }[] = [];
  let added = 0;
  let nowMs = 0;
  const take = () => {
    const batch = outbox.batch(3, nowMs);
    expect(new Set(batch.map(({ channel }) => channel)).size).toBeLessThanOrEqual(1);
    for (const { seq, kind, atMs } of batch) out.push({ seq, kind, ageMs: nowMs - atMs });
    outbox.taken();
    return batch.length;
  };
  for (const call of calls) {
    if (call.do === 'add') {
      added += 1;
      outbox.add(call.channel, `p${added}`, call.kind, nowMs);
    } else if (call.do === 'wait') nowMs += call.ms;
    else if (call.do === 'batch') outbox.batch(3, nowMs);
    else if (call.do === 'small batch') outbox.batch(1, nowMs);
    else if (call.do === 'unknown') outbox.outcomeUnknown();
    else take();
  }
  while (take() > 0);
  return { outbox, out, added };
}

describe('outbox', () => {
  it('RT-80: any calls, everything goes out in order or is counted as dropped', () => {
    fc.assert(
      fc.property(fc.array(anyCall, { maxLength: 80 }), (calls) => {
        const { outbox, out, added } = play(calls);
        const seqs = out.map(({ seq }) => seq);
        expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
        expect(out.length + outbox.dropped.samples + outbox.dropped.transitions).toBe(added);
        expect(outbox.size).toBe(0);
      }),
    );
  });

  it('RT-81: any calls, no sample goes out older than the age limit', () => {
    fc.assert(
      fc.property(fc.array(anyCall, { maxLength: 80 }), (calls) => {
        const { out } = play(calls);
        expect(out.every(({ kind, ageMs }) => kind === 'transition' || ageMs <= limits.sampleAgeMs)).toBe(
          true,
        );
      }),
    );
  });

  it('RT-82: more than the limits, the oldest of each kind go', () => {
    const outbox = createOutbox(limits);
    for (let index = 0; index < 20; index += 1)
      outbox.add(metrics, `${index}`, index % 2 === 0 ? 'sample' : 'transition', 0);
    expect(outbox.dropped).toEqual({ samples: 2, transitions: 5 });
    expect(outbox.batch(100, 0).map(({ payload }) => payload)).toEqual([
      '4',
      '6',
      '8',
      '10',
      '11',
      '12',
      '13',
      '14',
      '15',
      '16',
      '17',
      '18',
      '19',
    ]);
  });

  it('RT-83: a batch whose outcome is unknown, is offered again as it was, marked', () => {
    const outbox = createOutbox(limits);
    outbox.add(metrics, 'a', 'transition', 0);
    expect(outbox.batch(10, 0).map(({ redelivered }) => redelivered)).toEqual([false]);
    outbox.add(metrics, 'b', 'transition', 0);
    outbox.outcomeUnknown();
    const again = outbox.batch(10, 0);
    expect(again.map(({ payload, redelivered }) => [payload, redelivered])).toEqual([['a', true]]);
    outbox.taken();
    expect(outbox.batch(10, 0).map(({ payload, redelivered }) => [payload, redelivered])).toEqual([
      ['b', false],
    ]);
  });

  it('RT-85: a batch for which there is less room now, is offered from its beginning, and only that is marked', () => {
    const outbox = createOutbox(limits);
    for (const payload of ['a', 'b', 'c']) outbox.add(metrics, payload, 'transition', 0);
    expect(outbox.batch(3, 0)).toHaveLength(3);
    expect(outbox.batch(1, 0).map(({ payload }) => payload)).toEqual(['a']);
    outbox.taken();
    expect(outbox.batch(1, 0).map(({ payload }) => payload)).toEqual(['b']);
    outbox.outcomeUnknown();
    expect(outbox.batch(3, 0).map(({ payload, redelivered }) => [payload, redelivered])).toEqual([
      ['b', true],
      ['c', false],
    ]);
  });

  it('RT-84: the limits, are 10,000 transitions and 5 minutes of 333 samples a second', () => {
    expect(OUTBOX_LIMITS).toEqual({ transitions: 10_000, samples: 100_000, sampleAgeMs: 300_000 });
  });
});
