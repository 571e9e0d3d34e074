/**
 * How many messages may still go out: a sliding window of one second in slots of 100 ms. Any whole second
 * touches at most eleven slots, and the sum over eleven slots stays within the limit, so no second ever carries
 * more; what must not be dropped goes out all the same and is paid for by the samples after it.
 */

export interface Throttle {
  /** Messages that may go out now without exceeding the limit. */
  room(nowMs: number): number;
  /** Notes messages that go out now. */
  spend(count: number, nowMs: number): void;
}

/** How waiting samples are let out: `quota` of them every `intervalMs`, spread evenly over the second. */
export interface Pace {
  intervalMs: number;
  quota: number;
}

const NOTICE_INTERVAL_MS = 1000;
/** A notice takes the place of a sample; no more than every tenth place. */
const MESSAGES_PER_NOTICE = 10;
const SLOT_MS = 100;
const SLOTS = 11;

export function createThrottle(perSecond: number): Throttle {
  const counts = new Array<number>(SLOTS).fill(0);
  let slot = 0;
  let sum = 0;

  function moveTo(nowMs: number): void {
    const current = Math.floor(nowMs / SLOT_MS);
    if (current - slot >= SLOTS) {
      counts.fill(0);
      sum = 0;
      slot = current;
    }
    while (slot < current) {
      slot += 1;
      sum -= counts[slot % SLOTS] ?? 0;
      counts[slot % SLOTS] = 0;
    }
  }

  return {
    room(nowMs) {
      moveTo(nowMs);
      return Math.max(0, perSecond - sum);
    },
    spend(count, nowMs) {
      moveTo(nowMs);
      counts[slot % SLOTS] = (counts[slot % SLOTS] ?? 0) + count;
      sum += count;
    },
  };
}

/** How long at least from notice to notice. */
export function noticeIntervalMs(perSecond: number): number {
  return Math.max(NOTICE_INTERVAL_MS, (MESSAGES_PER_NOTICE * 1000) / perSecond);
}

/** `perSecond` is a whole number of at least 1. */
export function paceOf(perSecond: number): Pace {
  if (perSecond < 10) return { intervalMs: Math.ceil((SLOTS * SLOT_MS) / perSecond), quota: 1 };
  return { intervalMs: SLOT_MS, quota: Math.floor(perSecond / 10) };
}
