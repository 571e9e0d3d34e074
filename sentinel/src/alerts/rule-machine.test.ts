import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Observation, RULE_OK, type RuleState, type RuleStep, stepRule } from './rule-machine.js';

const FOR_MS = 30_000;
const MAX_GAP_MS = 10_000;

/** Plays readings (`after` the one before, in ms) and tells what was said when. */
function play(readings: readonly { afterMs: number; observation: Observation }[], forMs = FOR_MS) {
  let state: RuleState = RULE_OK;
  let nowMs = 1_000_000;
  const said: { says: NonNullable<RuleStep['says']>; atMs: number }[] = [];
  for (const { afterMs, observation } of readings) {
    nowMs += afterMs;
    const step = stepRule(state, observation, { nowMs, forMs, maxGapMs: MAX_GAP_MS });
    state = step.state;
    if (step.says !== null) said.push({ says: step.says, atMs: nowMs - 1_000_000 });
  }
  return { said, state };
}

const every = (seconds: number, count: number, observation: Observation) =>
  Array.from({ length: count }, () => ({ afterMs: seconds * 1000, observation }));

describe('the life of an alert', () => {
  it('SE-32: true for 30 s, it fires then and once', () => {
    expect(play(every(1, 60, 'breach')).said).toEqual([{ says: 'firing', atMs: 31_000 }]);
  });

  it('SE-32: interrupted after 29 s, it begins anew', () => {
    const { said } = play([...every(1, 29, 'breach'), ...every(1, 1, 'between'), ...every(1, 29, 'breach')]);
    expect(said).toEqual([]);
  });

  it('SE-32: no readings for longer than the gap, it begins anew', () => {
    const { said } = play([...every(1, 20, 'breach'), ...every(15, 1, 'breach'), ...every(1, 29, 'breach')]);
    expect(said).toEqual([]);
  });

  it('SE-32: without a duration, it fires at the first reading', () => {
    expect(play(every(1, 3, 'breach'), 0).said).toEqual([{ says: 'firing', atMs: 1000 }]);
  });

  it('SE-34: firing, what lies between threshold and clear does not resolve it', () => {
    const { state } = play([...every(1, 1, 'breach'), ...every(1, 100, 'between')], 0);
    expect(state.name).toBe('firing');
  });

  it('SE-34: firing, past clear it resolves', () => {
    expect(play([...every(1, 1, 'breach'), ...every(1, 2, 'clear')], 0).said.at(-1)).toEqual({
      says: 'resolved',
      atMs: 2000,
    });
  });

  it('SE-39: firing, and the series is gone: resolved', () => {
    expect(play([...every(1, 1, 'breach'), ...every(1, 1, 'gone')], 0).said.at(-1)?.says).toBe('resolved');
  });

  const reading = fc.record({
    afterMs: fc.oneof(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: -5000, max: 40_000 })),
    observation: fc.constantFrom<Observation>('breach', 'breach', 'breach', 'between', 'clear', 'gone'),
  });

  it('SE-33: any readings, firing and resolved alternate, beginning with firing', () => {
    fc.assert(
      fc.property(
        fc.array(reading, { maxLength: 200 }),
        fc.constantFrom(0, 2000, FOR_MS),
        (readings, forMs) => {
          const { said } = play(readings, forMs);
          said.forEach(({ says }, index) => {
            expect(says).toBe(index % 2 === 0 ? 'firing' : 'resolved');
          });
        },
      ),
    );
  });

  it('SE-32: any readings, it never fires before the condition was true for long enough without interruption', () => {
    fc.assert(
      fc.property(
        fc.array(reading, { maxLength: 200 }),
        fc.constantFrom(0, 2000, 5000),
        (readings, forMs) => {
          for (const { says, atMs } of play(readings, forMs).said) {
            if (says === 'firing') expect(provenMs(readings, atMs)).toBeGreaterThanOrEqual(forMs);
          }
        },
      ),
    );
  });
});

/** The longest that the condition was seen true, without a gap and without another reading, up to a time. */
function provenMs(readings: readonly { afterMs: number; observation: Observation }[], atMs: number): number {
  let nowMs = 0;
  let runMs = 0;
  let longest = -1;
  let before: Observation | null = null;
  for (const { afterMs, observation } of readings) {
    nowMs += afterMs;
    const goesOn = before === 'breach' && afterMs >= 0 && afterMs <= MAX_GAP_MS;
    runMs = observation === 'breach' && goesOn ? runMs + afterMs : 0;
    if (observation === 'breach' && nowMs === atMs) longest = Math.max(longest, runMs);
    before = observation;
  }
  return longest;
}
