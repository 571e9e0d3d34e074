/** Lengths of time as two units at most: `3 d 4 h`, `12 min 5 s`, in the page's language. */
import type { Messages } from '../i18n/en.js';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Negative lengths count as 0. The second unit is left out when it is 0. */
export function formatDuration(lengthMs: number, words: Messages['duration']): string {
  const left = Math.max(0, lengthMs);
  if (left >= DAY_MS) return two(left, DAY_MS, words.days, HOUR_MS, words.hours);
  if (left >= HOUR_MS) return two(left, HOUR_MS, words.hours, MINUTE_MS, words.minutes);
  if (left >= MINUTE_MS) return two(left, MINUTE_MS, words.minutes, SECOND_MS, words.seconds);
  return words.seconds(Math.floor(left / SECOND_MS));
}

type Word = (count: number) => string;

function two(lengthMs: number, bigMs: number, big: Word, smallMs: number, small: Word): string {
  const bigCount = Math.floor(lengthMs / bigMs);
  const smallCount = Math.floor((lengthMs - bigCount * bigMs) / smallMs);
  return smallCount === 0 ? big(bigCount) : `${big(bigCount)} ${small(smallCount)}`;
}
