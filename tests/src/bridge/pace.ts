/** A bridge's time, moved on by hand while PostgreSQL answers in real time. */
import type { ManualClock } from '@pulsewire/runtime';
import { poll } from '../support/within.js';

/** Lets so much of the clock's time pass at once, in steps of 0.1 s. */
export async function pass(clock: ManualClock, seconds: number): Promise<void> {
  for (let i = 0; i < seconds * 10; i += 1) {
    clock.advance(100);
    await new Promise<void>((resolve) => process.nextTick(resolve));
  }
}

/** Lets time pass until something has come; slowly, so that PostgreSQL has time to answer. */
export async function passUntil<T>(clock: ManualClock, awaited: Promise<T>): Promise<T> {
  let isSettled = false;
  const settled = () => {
    isSettled = true;
  };
  awaited.then(settled, settled);
  const step = async () => {
    await pass(clock, 0.1);
    return isSettled || undefined;
  };
  await poll(step, { what: 'what is awaited', timeoutMs: 20_000 });
  return awaited;
}
