/**
 * Finds stamps in the bytes of a WebSocket connection with as little work as possible: the load generator shares
 * two cores with what it measures. A *stamp* is the number after `"value":` of a payload; frames without one
 * (hello, snapshot marks) pass silently, and pings are handed on. Server frames only: unmasked.
 */

/** Of the chunk, the first `length` bytes. */
export type FrameScanner = (chunk: Buffer, length: number) => void;

const PING = 0x89;
const VALUE_KEY = '"value":';
const KEY_BYTES = VALUE_KEY.length;
const QUOTE = 0x22;
const LETTER_V = 0x76;
const COLON = 0x3a;
const DOT = 0x2e;
const ZERO = 0x30;

/**
 * The scanner keeps what a chunk cut off; `chunk` itself may be reused afterwards, and so may the payload of a ping
 * when `onPing` has returned.
 */
export function createFrameScanner(
  onStamp: (stamp: number) => void,
  onPing: (payload: Buffer) => void,
): FrameScanner {
  let rest: Buffer | null = null;
  /** Where the last stamp stood in its payload: nearly always, the next one stands there, too. */
  let hint = 0;

  function scan(bytes: Buffer, size: number): number {
    let at = 0;
    for (;;) {
      if (size - at < 2) return at;
      let length = (bytes[at + 1] ?? 0) & 0x7f;
      let start = at + 2;
      if (length === 126) {
        if (size - at < 4) return at;
        length = bytes.readUInt16BE(at + 2);
        start = at + 4;
      } else if (length === 127) {
        if (size - at < 10) return at;
        length = Number(bytes.readBigUInt64BE(at + 2));
        start = at + 10;
      }
      if (size - start < length) return at;
      if (bytes[at] === PING) onPing(bytes.subarray(start, start + length));
      else note(bytes, start, start + length);
      at = start + length;
    }
  }

  function note(bytes: Buffer, start: number, end: number): void {
    let at = start + hint;
    if (bytes[at] !== QUOTE || bytes[at + 1] !== LETTER_V || bytes[at + KEY_BYTES - 1] !== COLON) {
      at = bytes.indexOf(VALUE_KEY, start, 'latin1');
      if (at === -1 || at >= end) return;
      hint = at - start;
    }
    onStamp(readNumber(bytes, at + KEY_BYTES, end));
  }

  return (chunk, length) => {
    const bytes = rest === null ? chunk : Buffer.concat([rest, chunk.subarray(0, length)]);
    const size = rest === null ? length : bytes.length;
    const used = scan(bytes, size);
    rest = used === size ? null : Buffer.from(bytes.subarray(used, size));
  };
}

/** Digits with an optional fraction. */
function readNumber(bytes: Buffer, start: number, end: number): number {
  let value = 0;
  let scale = 0;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === DOT) scale = 1;
    else if (byte >= ZERO && byte <= ZERO + 9) {
      value = value * 10 + (byte - ZERO);
      scale *= 10;
    } else break;
  }
  return scale === 0 ? value : value / scale;
}
