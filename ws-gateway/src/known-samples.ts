/**
 * Samples come again every second, the same but for time, value and id. What one was found to say holds for the next,
 * so that is recognised by its bytes instead of being read as JSON and validated once more. That works for those which
 * begin as the bus's own do, with the time first, and end with the id:
 *
 *     {"type":"system_metric","data":{"time":"…", … ,"value":…, … },"id":"…"}
 *
 * Whatever differs in anything else, if only by a space, is not known, and must be read.
 */
import { LOG_ID_PATTERN, type SystemMetric, TIME_PATTERN } from '@pulsewire/shared-schema';

export interface KnownSample {
  message: SystemMetric;
  series: string;
}

export interface KnownSamples {
  /**
   * What reading and validating these bytes would give; `null` when that is to be done. `id`: the one that they end
   * with, or `null` without.
   */
  find(bytes: Buffer, id: string | null): KnownSample | null;
  /** Takes what reading these bytes gave. */
  note(bytes: Buffer, id: string | null, sample: KnownSample): void;
}

/** Where in its bytes a sample differs from the one before. */
interface Layout {
  timeEnd: number;
  valueStart: number;
  valueEnd: number;
  /** Of what is not the id. */
  bodyEnd: number;
}

interface Known extends KnownSample {
  /** The bytes between time and value, and then those behind the value up to the id. */
  same: Buffer;
  /** How many of them are before the value. */
  middleBytes: number;
}

const HEAD = Buffer.from('{"type":"system_metric","data":{"time":"');
const VALUE_KEY = Buffer.from(',"value":');
const ID_KEY = Buffer.from(',"id":"');
/** In a sample that has one of these twice, who reads it takes the last one. */
const KEYS = ['"time"', '"value"', '"data"', '"type"'].map((key) => Buffer.from(key));
const ANY_ID = Buffer.from('"id"');
/** A key may be written with escapes. */
const BACKSLASH = Buffer.from('\\');
const QUOTE = '"'.charCodeAt(0);
const MINUS = '-'.charCodeAt(0);
const POINT = '.'.charCodeAt(0);
const COMMA = ','.charCodeAt(0);
const CLOSE = '}'.charCodeAt(0);
const ZERO = '0'.charCodeAt(0);
const TIME = new RegExp(TIME_PATTERN);
const LOG_ID = new RegExp(LOG_ID_PATTERN);
/** Longer ones are rare, and would take much memory. */
const MAX_BYTES = 1024;
const MAX_TIME_BYTES = 32;
const MAX_VALUE_BYTES = 24;
/** When there are more they are noted anew. */
const MAX_SAMPLES = 10_000;
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

export function createKnownSamples(maxSamples: number = MAX_SAMPLES): KnownSamples {
  /** By a hash of what is the same each time. */
  const known = new Map<number, Known>();
  let newestTime: string | null = null;

  function isTime(text: string): boolean {
    if (text === newestTime) return true;
    if (!TIME.test(text)) return false;
    newestTime = text;
    return true;
  }

  return {
    find(bytes, id) {
      const layout = layoutOf(bytes, id);
      if (layout === null) return null;
      const found = known.get(hashOf(bytes, layout));
      if (found === undefined || !isRepeated(found, bytes, layout)) return null;
      const time = bytes.toString('latin1', HEAD.length, layout.timeEnd);
      if (!isTime(time)) return null;
      const value = valueIn(bytes, layout);
      const { metric_type, source, meta } = found.message.data;
      const data = { time, metric_type, value, source, meta };
      return { message: { type: 'system_metric', data }, series: found.series };
    },
    note(bytes, id, { message, series }) {
      const layout = layoutOf(bytes, id);
      // How stale a value is differs each time.
      if (layout === null || message.data.meta.stale_s !== undefined || isAmbiguous(bytes, layout)) return;
      const hash = hashOf(bytes, layout);
      if (known.size >= maxSamples && !known.has(hash)) known.clear();
      known.set(hash, { message, series, ...whatIsSame(bytes, layout) });
    },
  };
}

function layoutOf(bytes: Buffer, id: string | null): Layout | null {
  if (bytes.length > MAX_BYTES || !isAt(bytes, HEAD, 0)) return null;
  const bodyEnd = bodyEndOf(bytes, id);
  const timeEnd = endOfTime(bytes);
  if (bodyEnd === null || timeEnd === null) return null;
  const valueStart = behindValueKey(bytes, timeEnd, bodyEnd);
  if (valueStart === null) return null;
  const valueEnd = endOfNumber(bytes, valueStart);
  if (valueEnd === null || valueEnd >= bodyEnd) return null;
  // Otherwise there is more of the number, such as an exponent.
  const isWhole = bytes[valueEnd] === COMMA || bytes[valueEnd] === CLOSE;
  return isWhole ? { timeEnd, valueStart, valueEnd, bodyEnd } : null;
}

/** `null` when the bytes do not end with the id, or that is none. */
function bodyEndOf(bytes: Buffer, id: string | null): number | null {
  const last = bytes.length - 1;
  if (bytes[last] !== CLOSE) return null;
  if (id === null) return last;
  const idStart = last - 1 - id.length;
  const bodyEnd = idStart - ID_KEY.length;
  if (bodyEnd < 0 || bytes[last - 1] !== QUOTE || !isAt(bytes, ID_KEY, bodyEnd)) return null;
  for (let at = 0; at < id.length; at += 1) if (bytes[idStart + at] !== id.charCodeAt(at)) return null;
  return LOG_ID.test(id) ? bodyEnd : null;
}

function endOfTime(bytes: Buffer): number | null {
  for (let at = HEAD.length; at < HEAD.length + MAX_TIME_BYTES; at += 1) if (bytes[at] === QUOTE) return at;
  return null;
}

/** These bytes cannot be within a string, where a quote has a backslash before it. */
function behindValueKey(bytes: Buffer, from: number, to: number): number | null {
  for (let at = from; at < to; at += 1) if (isAt(bytes, VALUE_KEY, at)) return at + VALUE_KEY.length;
  return null;
}

/** Behind a number as JSON has it, but for exponents; `null` where none is. */
function endOfNumber(bytes: Buffer, start: number): number | null {
  const whole = bytes[start] === MINUS ? start + 1 : start;
  let end = endOfDigits(bytes, whole);
  if (end === whole || (bytes[whole] === ZERO && end > whole + 1)) return null;
  if (bytes[end] === POINT) {
    const fraction = end + 1;
    end = endOfDigits(bytes, fraction);
    if (end === fraction) return null;
  }
  return end - start > MAX_VALUE_BYTES ? null : end;
}

function endOfDigits(bytes: Buffer, start: number): number {
  let end = start;
  for (let digit = (bytes[end] ?? 0) - ZERO; digit >= 0 && digit <= 9; digit = (bytes[end] ?? 0) - ZERO)
    end += 1;
  return end;
}

function valueIn(bytes: Buffer, { valueStart, valueEnd }: Layout): number {
  return Number(bytes.toString('latin1', valueStart, valueEnd));
}

/** Where what is read is not what stands at the places of the layout, or need not be the next time. */
function isAmbiguous(bytes: Buffer, { bodyEnd }: Layout): boolean {
  const body = bytes.subarray(0, bodyEnd);
  const isOdd = body.includes(ANY_ID) || body.includes(BACKSLASH);
  return isOdd || KEYS.some((key) => body.indexOf(key) !== body.lastIndexOf(key));
}

/** Of what is the same each time. */
function hashOf(bytes: Buffer, { timeEnd, valueStart, valueEnd, bodyEnd }: Layout): number {
  const middle = hashOn(FNV_OFFSET, bytes, timeEnd, valueStart);
  // Small enough to be no object on the heap.
  return hashOn(middle, bytes, valueEnd, bodyEnd) >>> 2;
}

function hashOn(before: number, bytes: Buffer, from: number, to: number): number {
  let hash = before;
  for (let at = from; at < to; at += 1) hash = Math.imul(hash ^ (bytes[at] as number), FNV_PRIME);
  return hash;
}

function isRepeated({ same, middleBytes }: Known, bytes: Buffer, layout: Layout): boolean {
  const { timeEnd, valueStart, valueEnd, bodyEnd } = layout;
  if (middleBytes !== valueStart - timeEnd || same.length - middleBytes !== bodyEnd - valueEnd) return false;
  for (let at = 0; at < middleBytes; at += 1) if (bytes[timeEnd + at] !== same[at]) return false;
  const shift = valueEnd - middleBytes;
  for (let at = middleBytes; at < same.length; at += 1) if (bytes[shift + at] !== same[at]) return false;
  return true;
}

/** In memory of its own: a slice of the shared pool would keep all of that. */
function whatIsSame(bytes: Buffer, layout: Layout): Pick<Known, 'same' | 'middleBytes'> {
  const { timeEnd, valueStart, valueEnd, bodyEnd } = layout;
  const middleBytes = valueStart - timeEnd;
  const same = Buffer.allocUnsafeSlow(middleBytes + bodyEnd - valueEnd);
  bytes.copy(same, 0, timeEnd, valueStart);
  bytes.copy(same, middleBytes, valueEnd, bodyEnd);
  return { same, middleBytes };
}

/** By hand, because these are shorter than a call of the library. */
function isAt(bytes: Buffer, wanted: Buffer, start: number): boolean {
  for (let at = 0; at < wanted.length; at += 1) if (bytes[start + at] !== wanted[at]) return false;
  return true;
}
