import { describe, expect, it } from 'vitest';
import { delay } from './clock.js';
import { createManualClock } from './manual-clock.js';

describe('manual clock', () => {
  it('RT-42: moved on, runs what falls due, in order of time and then of the calls', () => {
    const clock = createManualClock();
    const ran: string[] = [];
    clock.after(20, () => ran.push('late'));
    clock.after(10, () => ran.push('first'));
    clock.after(10, () => ran.push('second'));
    clock.advance(20);
    expect(ran).toEqual(['first', 'second', 'late']);
  });

  it('RT-43: tasks that schedule tasks, run in the same move with the time that they see', () => {
    const clock = createManualClock(0);
    const seenMs: number[] = [];
    clock.after(10, () => clock.after(5, () => seenMs.push(clock.nowMs(), clock.monotonicMs())));
    clock.advance(20);
    expect([seenMs, clock.nowMs()]).toEqual([[15, 15], 20]);
  });

  it('RT-44: a period, repeats until cancelled, and nothing stays scheduled', async () => {
    const clock = createManualClock();
    let runs = 0;
    const cancel = clock.every(10, () => {
      runs += 1;
    });
    const waited = delay(clock, 25);
    clock.advance(35);
    await waited;
    cancel();
    clock.advance(100);
    expect([runs, clock.scheduled]).toEqual([3, 0]);
  });
});
