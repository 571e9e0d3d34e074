/**
 * Pieces of one stream → lines with the engine's time. The engine puts its time before every line and, when a line is
 * longer than 16 KiB, before every part of it; the parts of one line carry the same time. Bytes are put together
 * before anybody decodes them, so no cut goes through a character.
 */
import { type EngineTime, MAX_TIME_LENGTH, parseEngineTime } from './engine-time.js';

export interface RawLine {
  /** `null` when the engine gave none. */
  time: EngineTime | null;
  /** The first {@link KEPT_BYTES} at most. Valid only during the call. */
  bytes: Buffer;
  /** Length of the whole line. */
  totalBytes: number;
}

export interface LineAssembler {
  /** `begins`: a time stands at the start of this piece. After a line feed it does anyway. */
  push(piece: Buffer, begins: boolean): void;
  /** The time of a line whose end has not come yet; else `null`. */
  readonly openSince: EngineTime | null;
  /** The stream ended, and nothing will be added to what is open. */
  finish(): void;
}

/** Of a longer line only the beginning is held in memory. */
export const KEPT_BYTES = 32_768;

const LINE_FEED = 0x0a;
const SPACE = 0x20;
const NOTHING = Buffer.alloc(0);

interface OpenLine {
  time: EngineTime | null;
  parts: Buffer[];
  keptBytes: number;
  totalBytes: number;
}

export function createLineAssembler(onLine: (line: RawLine) => void): LineAssembler {
  let open: OpenLine | null = null;
  /** What may be a time; not part of the line until it turns out to be none. */
  let head = NOTHING;
  let inHead = false;
  let lastTime: EngineTime | null = null;

  function begin(time: EngineTime | null): OpenLine {
    open = { time, parts: [], keptBytes: 0, totalBytes: 0 };
    lastTime = time;
    return open;
  }

  function end(tail: Buffer): void {
    const line = open ?? begin(lastTime);
    open = null;
    const room = KEPT_BYTES - line.keptBytes;
    const last = tail.length > room ? tail.subarray(0, room) : tail;
    const bytes = line.parts.length === 0 ? last : Buffer.concat([...line.parts, last]);
    onLine({ time: line.time, bytes, totalBytes: line.totalBytes + tail.length });
  }

  function add(content: Buffer): void {
    const line = open ?? begin(lastTime);
    line.totalBytes += content.length;
    const room = KEPT_BYTES - line.keptBytes;
    if (room <= 0 || content.length === 0) return;
    // A copy: a piece is a window on a much larger buffer, which it would keep alive.
    const part = Buffer.from(content.subarray(0, room));
    line.parts.push(part);
    line.keptBytes += part.length;
  }

  /** Another time while a line is open: that line was the last word of a process, without a line feed. */
  function beginAt(time: EngineTime): void {
    if (open?.time === time) return;
    if (open !== null) end(NOTHING);
    begin(time);
  }

  function headIsContent(): void {
    inHead = false;
    if (head.length > 0) add(head);
    head = NOTHING;
  }

  /** Returns where the content begins. */
  function readHead(piece: Buffer, at: number): number {
    const limit = Math.min(piece.length, at + MAX_TIME_LENGTH + 1 - head.length);
    let stop = at;
    while (stop < limit && piece[stop] !== SPACE && piece[stop] !== LINE_FEED) stop += 1;
    head = Buffer.concat([head, piece.subarray(at, stop)]);
    if (stop === piece.length && head.length <= MAX_TIME_LENGTH) return stop;
    const time = piece[stop] === SPACE ? parseEngineTime(head.toString('latin1')) : null;
    if (time === null) {
      headIsContent();
      return stop;
    }
    inHead = false;
    head = NOTHING;
    beginAt(time);
    return stop + 1;
  }

  return {
    push(piece, begins) {
      if (begins && inHead) headIsContent();
      if (begins) inHead = true;
      let at = 0;
      while (at < piece.length) {
        if (inHead) {
          at = readHead(piece, at);
          continue;
        }
        const stop = piece.indexOf(LINE_FEED, at);
        if (stop === -1) {
          add(piece.subarray(at));
          return;
        }
        end(piece.subarray(at, stop));
        inHead = true;
        at = stop + 1;
      }
    },
    get openSince() {
      return open?.time ?? null;
    },
    finish() {
      if (inHead) headIsContent();
      if (open !== null) end(NOTHING);
    },
  };
}
