/**
 * How many lines of a container pass. Time is the engine's, the one of each line: what was written slowly and is read
 * in one go after an outage passes, and what a program wrote in a flood does not, whenever it is read.
 */
import { type EngineTime, epochMsOf } from './engine-time.js';

export interface RateLimit {
  /** `notice`: so many lines before this one were skipped and nobody has been told. */
  take(time: EngineTime): { passes: boolean; notice: number };
  /** The number of lines skipped since the last notice, which this is; for when no further line comes. */
  drain(): number;
}

/** Unused lines of earlier seconds that may be used at once: programs say much when they start. */
const BURST_SECONDS = 5;
const SECOND_LENGTH = 19;
const MAX_DISORDER_S = 10;

export function createRateLimit(linesPerSecond: number): RateLimit {
  const burst = linesPerSecond * BURST_SECONDS;
  let second = '';
  let left = burst;
  let skipped = 0;

  function drain(): number {
    const notice = skipped;
    skipped = 0;
    return notice;
  }

  return {
    take(time) {
      const now = time.slice(0, SECOND_LENGTH);
      const passedS = second === '' ? 0 : (startOf(now) - startOf(second)) / 1000;
      // The two streams of a container may come slightly out of order; a clock that was set back is another matter.
      const isNew = now !== second && (passedS >= 0 || passedS < -MAX_DISORDER_S);
      const notice = isNew ? drain() : 0;
      if (isNew) {
        left = Math.min(burst, left + linesPerSecond * Math.max(1, passedS));
        second = now;
      }
      const passes = left >= 1;
      if (passes) left -= 1;
      else skipped += 1;
      return { passes, notice };
    },
    drain,
  };
}

function startOf(second: string): number {
  return epochMsOf(`${second}.000`);
}
