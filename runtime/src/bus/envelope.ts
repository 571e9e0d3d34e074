/**
 * Bytes of a message on the bus. The *payload* is what a producer makes: `{"type":…,"data":…}`, and when it is
 * published again with an unknown earlier outcome `{"type":…,"data":…,"redelivered":true}`. Its place in the log
 * is spliced in at the very end: `…,"id":"<ms>-<seq>"}`. The *body* is the part that stays the same: everything
 * before these two. Nothing here parses JSON, because this runs once per message.
 */
import type { BusMessage } from '@pulsewire/shared-schema';

/** What the end of an envelope says about it. */
export interface EnvelopeTail {
  id: string;
  /** Where the body ends. */
  bodyEnd: number;
  redelivered: boolean;
}

const CLOSE = '}'.charCodeAt(0);
const QUOTE = '"'.charCodeAt(0);
const DASH = '-'.charCodeAt(0);
const ZERO = '0'.charCodeAt(0);
const ID_KEY = Buffer.from(',"id":"');
const REDELIVERED = Buffer.from(',"redelivered":true');
const MAX_MS_DIGITS = 15;
const MAX_SEQUENCE_DIGITS = 10;

/** The payload of a message. An `id` that it carries is left out: the log gives it a new one. */
export function encodePayload(message: BusMessage): string {
  return JSON.stringify({ type: message.type, data: message.data });
}

/** The payload, marked as published before with unknown outcome. */
export function markRedelivered(payload: string): string {
  return `${payload.slice(0, -1)}${REDELIVERED}}`;
}

/** The bytes that subscribers receive for a log entry. */
export function withId(payload: Buffer, id: string): Buffer {
  const bodyEnd = payload.length - 1;
  const bytes = Buffer.allocUnsafe(bodyEnd + ID_KEY.length + id.length + 2);
  payload.copy(bytes, 0, 0, bodyEnd);
  ID_KEY.copy(bytes, bodyEnd);
  bytes.write(`${id}"}`, bodyEnd + ID_KEY.length, 'latin1');
  return bytes;
}

/** Reads the end of an envelope; `null` when it carries no well-formed `id` there (a foreign message). */
export function readTail(bytes: Buffer): EnvelopeTail | null {
  const idEnd = bytes.length - 2;
  if (bytes[idEnd + 1] !== CLOSE || bytes[idEnd] !== QUOTE) return null;
  const dash = skipDigitsBack(bytes, idEnd, MAX_SEQUENCE_DIGITS);
  if (dash === null || bytes[dash - 1] !== DASH) return null;
  const idStart = skipDigitsBack(bytes, dash - 1, MAX_MS_DIGITS);
  if (idStart === null || !endsWithAt(bytes, ID_KEY, idStart)) return null;
  const bodyEnd = idStart - ID_KEY.length;
  const redelivered = endsWithAt(bytes, REDELIVERED, bodyEnd);
  return {
    id: bytes.toString('latin1', idStart, idEnd),
    bodyEnd: redelivered ? bodyEnd - REDELIVERED.length : bodyEnd,
    redelivered,
  };
}

/** Where the run of 1 to `max` digits that ends before `end` begins; `null` when there is none. */
function skipDigitsBack(bytes: Buffer, end: number, max: number): number | null {
  let at = end;
  while (at > 0 && end - at <= max && isDigit(bytes[at - 1])) at -= 1;
  return at === end || end - at > max ? null : at;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= ZERO + 9;
}

function endsWithAt(bytes: Buffer, suffix: Buffer, end: number): boolean {
  const start = end - suffix.length;
  if (start < 0) return false;
  // Shorter than a call of `compare`.
  for (let at = 0; at < suffix.length; at += 1) if (bytes[start + at] !== suffix[at]) return false;
  return true;
}
