/**
 * What a message becomes: rows, nothing (it is not for the record), or a dead letter with a reason. Whatever the
 * database would refuse is found here, so that a batch is seldom tried twice.
 */
import type { BusMessage } from '@pulsewire/shared-schema';
import { parseBusMessage } from '@pulsewire/shared-schema/parse';

export type Judgement =
  | { kind: 'record'; message: BusMessage }
  | { kind: 'ignore' }
  | { kind: 'dead'; reason: string };

/** Epoch milliseconds between which a time is believed. */
export interface TimeBounds {
  oldestSampleMs: number;
  oldestLogMs: number;
  newestMs: number;
}

/** Lines of logs are as long as they are; this is what the sentinel cuts them to, and some. */
const MAX_MESSAGE_BYTES = 2_097_152;
/** Characters that JSON may carry and PostgreSQL's text may not: NUL, and halves of surrogate pairs. */
const UNSTORABLE = /\0|\p{Surrogate}/u;
const ESCAPE = Buffer.from('\\u');
/** Rendering JSON, here and in PostgreSQL, takes stack for each level. Messages of the contract have four. */
const MAX_DEPTH = 100;
/** Sums of a day's samples stay finite, so that no roll-up can fail. */
const MAX_VALUE = 1e290;
/** PostgreSQL's integer. */
const MAX_INTEGER = 2_147_483_647;

export function judgeMessage(bytes: Buffer, bounds: TimeBounds): Judgement {
  const result = parseBusMessage(bytes, MAX_MESSAGE_BYTES);
  if (!result.ok) return { kind: 'dead', reason: result.error.code };
  const { message } = result;
  // A level takes two characters at least.
  if (bytes.length > 2 * MAX_DEPTH && isDeeperThan(message, MAX_DEPTH))
    return { kind: 'dead', reason: 'nested_too_deeply' };
  // Only an escape can have brought such a character: raw ones are no JSON, or no UTF-8.
  if (bytes.includes(ESCAPE) && holdsUnstorable(message)) return { kind: 'dead', reason: 'unstorable_text' };
  if (!numbersFit(message)) return { kind: 'dead', reason: 'number_out_of_range' };
  switch (message.type) {
    case 'system_metric':
      return judgeTime(message, message.data.time, bounds.oldestSampleMs, bounds);
    case 'container_status':
      if (!isRealTime(message.data.started_at ?? message.data.time))
        return { kind: 'dead', reason: 'time_invalid' };
      return judgeTime(message, message.data.time, bounds.oldestSampleMs, bounds);
    case 'alert':
      if (!isRealTime(message.data.started_at)) return { kind: 'dead', reason: 'time_invalid' };
      return judgeTime(message, message.data.time, 0, bounds);
    case 'database_status':
      return judgeTime(message, message.data.time, 0, bounds);
    case 'log':
      return judgeTime(message, message.data.timestamp, bounds.oldestLogMs, bounds);
    // Whoever makes these keeps them.
    case 'check_result':
    case 'service_status':
    case 'incident':
      return { kind: 'ignore' };
  }
}

function judgeTime(message: BusMessage, time: string, oldestMs: number, bounds: TimeBounds): Judgement {
  if (!isRealTime(time)) return { kind: 'dead', reason: 'time_invalid' };
  const timeMs = Date.parse(time);
  if (timeMs < oldestMs || timeMs > bounds.newestMs) return { kind: 'dead', reason: 'time_out_of_range' };
  return { kind: 'record', message };
}

/** The contract lets the 29th of February pass in any year, and JavaScript reads it as the 1st of March. */
function isRealTime(time: string): boolean {
  const timeMs = Date.parse(time);
  if (Number.isNaN(timeMs) || time.startsWith('0000')) return false;
  return time.slice(5, 10) !== '02-29' || new Date(timeMs).toISOString().startsWith(time.slice(0, 10));
}

function numbersFit(message: BusMessage): boolean {
  switch (message.type) {
    case 'system_metric':
      return Math.abs(message.data.value) <= MAX_VALUE && (message.data.meta.core ?? 0) <= MAX_INTEGER;
    case 'container_status':
      return Math.abs(message.data.exit_code ?? 0) <= MAX_INTEGER;
    case 'alert':
      return (message.data.core ?? 0) <= MAX_INTEGER;
    case 'log':
      return Number.isSafeInteger(message.data.seq);
    case 'database_status':
    case 'check_result':
    case 'service_status':
    case 'incident':
      return true;
  }
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(inner, levels - 1));
}

function holdsUnstorable(value: unknown): boolean {
  if (typeof value === 'string') return UNSTORABLE.test(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, inner]) => UNSTORABLE.test(name) || holdsUnstorable(inner));
}
