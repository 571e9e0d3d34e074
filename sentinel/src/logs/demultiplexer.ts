/**
 * Takes apart the engine's stream of a container without terminal: frames of an 8-byte header (stream, three zeros,
 * length big-endian) and a payload. Payloads are handed on as they come, so that no length in a header, true or not,
 * makes anybody hold that much.
 */
import type { Log } from '@pulsewire/shared-schema';

export type LogStreamName = Log['data']['stream'];

/** `begins` is true for the first piece of a frame. */
export type OnPiece = (stream: LogStreamName, piece: Buffer, begins: boolean) => void;

const HEADER_BYTES = 8;
/** Number 0 is the input, which is shown like output; 3 is the engine speaking of itself, which is not. */
const STREAMS: readonly (LogStreamName | null)[] = ['stdout', 'stdout', 'stderr', null];

/** Returns what takes the chunks. It throws when they are no such stream. */
export function createDemultiplexer(onPiece: OnPiece): (chunk: Buffer) => void {
  const header = Buffer.alloc(HEADER_BYTES);
  let headerLength = 0;
  let stream: LogStreamName | null = null;
  let left = 0;
  let begins = false;

  function readHeader(chunk: Buffer, at: number): number {
    const taken = chunk.copy(header, headerLength, at, at + HEADER_BYTES - headerLength);
    headerLength += taken;
    if (headerLength < HEADER_BYTES) return at + taken;
    headerLength = 0;
    const known = STREAMS[header[0] ?? STREAMS.length];
    if (known === undefined || header.readUIntBE(1, 3) !== 0)
      throw new Error('the log stream has no frame where one should begin');
    stream = known;
    left = header.readUInt32BE(4);
    begins = true;
    return at + taken;
  }

  return (chunk) => {
    let at = 0;
    while (at < chunk.length) {
      if (left === 0) {
        at = readHeader(chunk, at);
        continue;
      }
      const piece = chunk.subarray(at, at + left);
      at += piece.length;
      left -= piece.length;
      if (stream !== null) onPiece(stream, piece, begins);
      begins = false;
    }
  };
}
