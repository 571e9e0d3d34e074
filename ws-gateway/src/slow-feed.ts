/**
 * What waits for one client that reads too slowly, while it is in no lane: the newest sample of each series. All
 * else is written at once, for it is never dropped or delayed.
 */
import type { Arrival } from './arrival.js';
import { createConflation } from './conflate.js';
import { renderNotice } from './feed-words.js';
import { wants } from './route.js';
import type { Selection } from './selection.js';
import { createThrottle } from './throttle.js';

export interface SlowFeedOptions {
  selection: Selection;
  messagesPerSecond: number;
  /** Monotonic time. */
  nowMs: number;
  write(payloads: Buffer[]): void;
  /** Called with the number of samples that a notice told of. */
  onThinned(skipped: number): void;
}

export interface SlowFeed {
  offer(arrival: Arrival): void;
  /** Writes what may go out now. True when nothing waits any more and everything skipped was told. */
  release(nowMs: number): boolean;
  readonly waiting: number;
}

const NOTICE_INTERVAL_MS = 1000;
/** Released at once; the client's reading decides when there is more. */
const RELEASE_BYTES = 128 * 1024;

export function createSlowFeed(options: SlowFeedOptions): SlowFeed {
  const { selection, messagesPerSecond, write } = options;
  const throttle = createThrottle(messagesPerSecond);
  const conflation = createConflation();
  let toldMs = options.nowMs;

  function notice(nowMs: number): Buffer[] {
    const windowMs = nowMs - toldMs;
    if (conflation.skipped === 0 || windowMs < NOTICE_INTERVAL_MS) return [];
    toldMs = nowMs;
    const skipped = conflation.takeSkipped();
    options.onThinned(skipped);
    throttle.spend(1, nowMs);
    return [renderNotice(skipped, windowMs)];
  }

  return {
    offer(arrival) {
      if (!wants(selection, arrival.message)) return;
      if (arrival.sample) conflation.put(arrival);
      else {
        throttle.spend(1, arrival.receivedMs);
        write([arrival.payload]);
      }
    },
    release(nowMs) {
      const payloads: Buffer[] = [];
      let bytes = 0;
      while (conflation.waiting > 0 && bytes < RELEASE_BYTES && payloads.length < throttle.room(nowMs))
        for (const { payload } of conflation.take(1)) {
          payloads.push(payload);
          bytes += payload.length;
        }
      throttle.spend(payloads.length, nowMs);
      write([...payloads, ...notice(nowMs)]);
      return conflation.waiting === 0 && conflation.skipped === 0;
    },
    get waiting() {
      return conflation.waiting;
    },
  };
}
