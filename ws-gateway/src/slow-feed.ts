/**
 * What waits for one client that reads too slowly, while it is in no lane: the newest sample of each series. All
 * else is written at once, for it is never dropped or delayed.
 */
import { type Arrival, payloadBytes } from './arrival.js';
import { createConflation } from './conflate.js';
import { renderNotice } from './feed-words.js';
import { wants } from './route.js';
import type { Selection } from './selection.js';
import { createThrottle, noticeIntervalMs } from './throttle.js';

export interface SlowFeedOptions {
  /** Of a client that is not known to be slow: samples within the limit wait all, as they come. */
  keepsAll: boolean;
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
  /** Writes what may go out now, at most a message more than `atMostBytes`. True when nothing waits any more and everything skipped was told. */
  release(nowMs: number, atMostBytes: number): boolean;
  /** Writes the first of what was kept, as they came, as much as {@link SlowFeed.release} would. True as there. */
  releaseKept(nowMs: number, atMostBytes: number): boolean;
  waiting(): number;
  /** Of all that it holds back. */
  waitingBytes(): number;
  /** False while it keeps all. */
  thins(): boolean;
  /** Messages of the last second. */
  spent(nowMs: number): number;
}

export function createSlowFeed(options: SlowFeedOptions): SlowFeed {
  const { selection, messagesPerSecond, write } = options;
  const throttle = createThrottle(messagesPerSecond);
  const conflation = createConflation();
  let toldMs = options.nowMs;
  let kept: Arrival[] | null = options.keepsAll ? [] : null;

  function keep(sample: Arrival): void {
    const hasRoom = kept !== null && kept.length < throttle.room(sample.receivedMs);
    if (hasRoom && conflation.waiting() === 0) kept?.push(sample);
    else conflation.put(sample);
  }

  /** What is kept came before all that is conflated so far. */
  function conflateKept(): void {
    if (kept === null) return;
    for (const sample of [...kept, ...conflation.take(conflation.waiting())]) conflation.put(sample);
    kept = null;
  }

  function isNoticeDue(nowMs: number): boolean {
    return conflation.skipped() > 0 && nowMs - toldMs >= noticeIntervalMs(messagesPerSecond);
  }

  function hasAll(): boolean {
    return (kept ?? []).length === 0 && conflation.waiting() === 0 && conflation.skipped() === 0;
  }

  function notice(nowMs: number): Buffer {
    const windowMs = nowMs - toldMs;
    toldMs = nowMs;
    const skipped = conflation.takeSkipped();
    options.onThinned(skipped);
    return renderNotice(skipped, windowMs);
  }

  return {
    offer(arrival) {
      if (!wants(selection, arrival.message)) return;
      if (arrival.sample) keep(arrival);
      else {
        throttle.spend(1, arrival.receivedMs);
        write([arrival.payload]);
      }
    },
    releaseKept(nowMs, atMostBytes) {
      const room = throttle.room(nowMs);
      let [count, bytes] = [0, 0];
      for (const { payload } of kept ?? []) {
        if (count >= room || bytes >= atMostBytes) break;
        count += 1;
        bytes += payload.length;
      }
      const released = kept?.splice(0, count) ?? [];
      throttle.spend(released.length, nowMs);
      write(released.map(({ payload }) => payload));
      return hasAll();
    },
    release(nowMs, atMostBytes) {
      conflateKept();
      const payloads: Buffer[] = [];
      let bytes = 0;
      const room = throttle.room(nowMs);
      const told = room > 0 && isNoticeDue(nowMs) ? [notice(nowMs)] : [];
      while (conflation.waiting() > 0 && bytes < atMostBytes && payloads.length < room - told.length)
        for (const { payload } of conflation.take(1)) {
          payloads.push(payload);
          bytes += payload.length;
        }
      throttle.spend(payloads.length + told.length, nowMs);
      write([...payloads, ...told]);
      return hasAll();
    },
    waiting: conflation.waiting,
    waitingBytes: () => conflation.waitingBytes() + payloadBytes(kept ?? []),
    thins: () => kept === null,
    spent: (nowMs) => messagesPerSecond - throttle.room(nowMs),
  };
}
