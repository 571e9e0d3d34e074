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

export function judgeMessage(bytes: Buffer, bounds: TimeBounds): Judgement {
  const result = parseBusMessage(bytes, MAX_MESSAGE_BYTES);
  if (!result.ok) return { kind: 'dead', reason: result.error.code };
  const { message } = result;
  // Only an escape can have brought such a character: raw ones are no JSON, or no UTF-8.
  if (bytes.includes(ESCAPE) && holdsUnstorable(message)) return { kind: 'dead', reason: 'unstorable_text' };
  switch (message.type) {
    case 'system_metric':
      if (!Number.isFinite(message.data.value)) return { kind: 'dead', reason: 'value_not_finite' };
      return judgeTime(message, message.data.time, bounds.oldestSampleMs, bounds);
    case 'container_status':
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

function holdsUnstorable(value: unknown): boolean {
  if (typeof value === 'string') return UNSTORABLE.test(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, inner]) => UNSTORABLE.test(name) || holdsUnstorable(inner));
}
