import { createManualClock, type ManualClock, parseApiKeys } from '@pulsewire/runtime';
import { beforeEach, describe, expect, it } from 'vitest';
import { createGate, type Gate, isRefusal, mayReadLogs, mayReadStatus } from './gate.js';

const KEY = 'test-key-0123456789';
const ADDRESS = '192.0.2.1';

describe('gate', () => {
  let clock: ManualClock;
  let gate: Gate;
  let refused: string[];
  beforeEach(() => {
    clock = createManualClock();
    refused = [];
    gate = createGate({
      keys: parseApiKeys(`tests:${KEY}`),
      allowedOrigins: [],
      clock,
      onRefused: (code) => refused.push(code),
    });
  });

  it.each([undefined, null, '', 7, {}, [KEY], 'wrong-key-0123456789'])(
    'SB-20: %j as a key, unauthorized',
    (offered) => {
      expect(gate.admitKey(ADDRESS, offered)).toMatchObject({ code: 'unauthorized', status: 401 });
    },
  );

  it('SB-20: ten wrong keys, a minute in which the good one is refused, too, and others are not', () => {
    for (let i = 0; i < 10; i += 1) gate.admitKey(ADDRESS, `wrong-key-012345678${i}`);
    expect(gate.admitKey(ADDRESS, KEY)).toMatchObject({ code: 'too_many_failures', retryAfterMs: 60_000 });
    expect(gate.admitKey('192.0.2.2', KEY)).toMatchObject({ name: 'tests' });
    clock.advance(60_000);
    expect(gate.admitKey(ADDRESS, KEY)).toMatchObject({ name: 'tests' });
  });

  it('SB-22: one key from many addresses, refused at its limit and let in again', () => {
    const ask = (i: number) => gate.admitKey(`192.0.2.${i % 250}`, KEY);
    const verdicts = Array.from({ length: 700 }, (_, i) => ask(i));
    expect(verdicts.filter((verdict) => !isRefusal(verdict))).toHaveLength(600);
    expect(verdicts.at(-1)).toMatchObject({ code: 'too_many_requests', status: 429 });
    clock.advance(1000);
    expect(ask(0)).toMatchObject({ name: 'tests' });
  });

  it('SB-22: one address, refused at its limit and counted', () => {
    const verdicts = Array.from({ length: 61 }, () => gate.admitAddress(ADDRESS));
    expect(verdicts.filter((verdict) => verdict === null)).toHaveLength(60);
    expect(refused).toEqual(['too_many_requests']);
  });

  it('SB-24: topics of a key, what it may read', () => {
    const rights = parseApiKeys(
      `all:${KEY}a,status:${KEY}b:topics=metrics+containers,half:${KEY}c:topics=metrics,log:${KEY}d:topics=logs`,
    ).map((key) => [mayReadStatus(key), mayReadLogs(key)]);
    expect(rights).toEqual([
      [true, true],
      [true, false],
      [false, false],
      [false, true],
    ]);
  });
});
