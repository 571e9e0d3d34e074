/**
 * Takes the `id` out of a message that the bus gave none: whoever receives it would believe that it is a position in
 * the log, and a made-up one from the future would make all that comes after it look old. Everything else stays
 * byte for byte. A walk over the bytes, because parsing and printing anew would change numbers and white space.
 */
import { LIMITS } from '@pulsewire/shared-schema';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const LOWER_D = 0x64;
const LOWER_I = 0x69;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const ID = '"id"';

/** The message without members named `id` at its top level. What is no JSON object comes back as it is. */
export function withoutId(bytes: Buffer): Buffer {
  // Larger ones are read by nobody.
  if (bytes.length > LIMITS.maxPayloadBytes || !mayHoldId(bytes)) return bytes;
  const start = skipSpace(bytes, 0);
  if (bytes[start] !== OPEN) return bytes;
  const kept: Buffer[] = [];
  let at = start + 1;
  let found = false;
  for (;;) {
    const keyAt = skipSpace(bytes, at);
    const keyEnd = endOfString(bytes, keyAt);
    if (keyEnd === null || bytes[skipSpace(bytes, keyEnd)] !== COLON) break;
    const end = endOfMember(bytes, keyEnd);
    if (end === null) break;
    if (isId(bytes.subarray(keyAt, keyEnd))) found = true;
    else kept.push(bytes.subarray(at, end));
    at = end + 1;
    if (bytes[end] === CLOSE)
      return found ? join(bytes.subarray(0, start + 1), kept, bytes.subarray(end)) : bytes;
  }
  return bytes;
}

/** Most messages do not, and this is a fraction of the walk. A backslash may be the name's, escaped. */
function mayHoldId(bytes: Buffer): boolean {
  if (bytes.includes(BACKSLASH)) return true;
  for (let at = 2; at < bytes.length; at += 1)
    if (bytes[at] === LOWER_D && bytes[at - 1] === LOWER_I && bytes[at - 2] === QUOTE) return true;
  return false;
}

function join(head: Buffer, members: readonly Buffer[], tail: Buffer): Buffer {
  const comma = Buffer.of(COMMA);
  const between = members.flatMap((member, index) => (index === 0 ? [member] : [comma, member]));
  return Buffer.concat([head, ...between, tail]);
}

function isId(key: Buffer): boolean {
  if (!key.includes(BACKSLASH)) return key.length === ID.length && key.includes(ID);
  try {
    return JSON.parse(key.toString('utf8')) === 'id';
  } catch {
    return false;
  }
}

/** Where the value's `,` or `}` stands; `null` when the bytes end before. */
function endOfMember(bytes: Buffer, from: number): number | null {
  let depth = 0;
  for (let at = from; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      const end = endOfString(bytes, at);
      if (end === null) return null;
      at = end - 1;
    } else if (byte === OPEN || byte === OPEN_LIST) depth += 1;
    else if (depth > 0) depth -= byte === CLOSE || byte === CLOSE_LIST ? 1 : 0;
    else if (byte === COMMA || byte === CLOSE) return at;
  }
  return null;
}

/** Behind the closing quote; `null` when no string begins there, or none ends. */
function endOfString(bytes: Buffer, from: number): number | null {
  if (bytes[from] !== QUOTE) return null;
  for (let at = from + 1; at < bytes.length; at += 1) {
    if (bytes[at] === BACKSLASH) at += 1;
    else if (bytes[at] === QUOTE) return at + 1;
  }
  return null;
}

/** Past JSON's white space. */
function skipSpace(bytes: Buffer, from: number): number {
  let at = from;
  while (bytes[at] === 0x20 || bytes[at] === 0x09 || bytes[at] === 0x0a || bytes[at] === 0x0d) at += 1;
  return at;
}
