import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CANARY_LIMITS,
  CANARY_TICK_MS,
  type CanaryEvent,
  type CanaryLimits,
  type CanaryState,
  type CanaryVerdict,
  FRESH_CANARY,
  stepCanary,
} from './canary.js';

const { subscriber, publisher } = CANARY_LIMITS;

function run(events: readonly CanaryEvent[], limits: CanaryLimits, start: CanaryState = FRESH_CANARY) {
  let state = start;
  const verdicts: CanaryVerdict[] = [];
  let probes = 0;
  for (const event of events) {
    const step = stepCanary(state, event, limits);
    state = step.state;
    verdicts.push(step.verdict);
    if (step.probe) probes += 1;
  }
  return { state, verdicts, probes };
}

const anyEvent = fc.constantFrom<CanaryEvent>('tick', 'sent', 'answered', 'heard');

describe('canary', () => {
  it('RT-90: ticks however late, with each answer read at most one tick late, are never silent', () => {
    const answers = fc.array(fc.constantFrom<CanaryEvent[]>(['answered'], ['tick', 'answered']), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(answers, fc.constantFrom(subscriber, publisher), (rounds, limits) => {
        const events = rounds.flatMap((round): CanaryEvent[] => ['tick', ...round]);
        expect(run(events, limits).verdicts.every((verdict) => verdict === 'fine')).toBe(true);
      }),
    );
  });

  it('RT-91: a blocked event loop, adds one tick whatever its length', () => {
    const { state } = run(['answered', 'tick', 'tick'], subscriber);
    expect(state.waitedTicks).toBe(1);
  });

  it('RT-92: Redis frozen at any moment, is silent within 1 s of punctual ticks', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 60 }), (before) => {
        const frozenAt = run([...before, 'answered'], subscriber).state;
        const ticks = Math.floor(1000 / CANARY_TICK_MS) - 1;
        const { verdicts } = run(new Array<CanaryEvent>(ticks).fill('tick'), subscriber, {
          ...frozenAt,
          heard: false,
        });
        expect(verdicts).toContain('silent');
      }),
    );
  });

  it('RT-93: a publisher that waits for an answer, finds a frozen Redis as fast as a subscriber', () => {
    const { verdicts } = run(['answered', 'sent', 'tick', 'tick', 'tick', 'tick'], publisher);
    expect(verdicts.at(-1)).toBe('silent');
  });

  it('RT-94: an idle publisher, probes once a second and finds a frozen Redis within two', () => {
    const ticks = Math.floor(2000 / CANARY_TICK_MS);
    const idle = run(['answered'], publisher).state;
    const { verdicts, probes } = run(new Array<CanaryEvent>(ticks).fill('tick'), publisher, idle);
    expect(verdicts).toContain('silent');
    expect(probes * CANARY_TICK_MS * publisher.probeEveryTicks).toBeLessThanOrEqual(2000);
  });

  it('RT-95: messages still coming in, stand in for the answer, but not for ever', () => {
    const rounds = (count: number) => new Array<CanaryEvent[]>(count).fill(['heard', 'tick']).flat();
    const behind = run(['answered', 'tick', ...rounds(subscriber.maxHeldTicks)], subscriber);
    expect(behind.verdicts.every((verdict) => verdict === 'fine')).toBe(true);
    const forEver = run(['answered', 'tick', ...rounds(subscriber.maxHeldTicks + 5)], subscriber);
    expect(forEver.verdicts).toContain('silent');
  });

  it('RT-96: silence that lasts, becomes hopeless, so that half-open connections are made anew', () => {
    const { verdicts } = run(new Array<CanaryEvent>(subscriber.giveUpAfterTicks).fill('tick'), subscriber);
    expect(verdicts.at(-1)).toBe('hopeless');
    expect(subscriber.giveUpAfterTicks * CANARY_TICK_MS).toBeLessThanOrEqual(3000);
  });

  it('RT-97: an answer at any time, ends the silence', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 100 }), (before) => {
        expect(run([...before, 'answered', 'tick'], subscriber).verdicts.at(-1)).toBe('fine');
      }),
    );
  });
});
