/**
 * The engine's time of a line: RFC 3339 with nanoseconds, kept as text, because a number cannot hold it. Always UTC
 * with nine digits here, so that the order of texts is the order of times.
 */
import { TIME_PATTERN } from '@pulsewire/shared-schema';

/** `2026-01-17T04:30:00.123456789Z`. */
export type EngineTime = string;

/** The longest form, with an offset. */
export const MAX_TIME_LENGTH = 35;

const FULL = new RegExp(TIME_PATTERN);
const FULL_LENGTH = 30;
const PARTS = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/;

/** `null` for anything that is no time. */
export function parseEngineTime(text: string): EngineTime | null {
  if (text.length === FULL_LENGTH && FULL.test(text)) return text;
  const [, seconds, fraction = '', zone] = PARTS.exec(text) ?? [];
  if (seconds === undefined || zone === undefined) return null;
  const epochMs = Date.parse(`${seconds}${zone}`);
  if (Number.isNaN(epochMs)) return null;
  const utc = `${new Date(epochMs).toISOString().slice(0, 19)}.${fraction.padEnd(9, '0')}Z`;
  return FULL.test(utc) ? utc : null;
}

/** Whole milliseconds; times before 1970 and after 9999 do not occur. */
export function engineTimeOf(epochMs: number): EngineTime {
  return `${new Date(epochMs).toISOString().slice(0, -1)}000000Z`;
}

/** Rounded down to the millisecond. */
export function epochMsOf(time: EngineTime): number {
  return Date.parse(`${time.slice(0, 23)}Z`);
}

/** As the engine's API takes it: `1768624200.123456789`. */
export function renderSince(time: EngineTime): string {
  return `${Math.floor(epochMsOf(time) / 1000)}.${time.slice(20, 29)}`;
}
