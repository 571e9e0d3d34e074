/** What a WebSocket server sends after a raw handshake: its answer is skipped, then come its frames, however they are cut. */

const HEAD_END = '\r\n\r\n';

export const OPCODE = { text: 1, close: 8, ping: 9, pong: 10 } as const;

/** Frames of a server are unmasked; those of the gateway are never fragmented. The payload is valid during the call only. */
export type OnFrame = (opcode: number, payload: Buffer) => void;

/** Returns what takes the bytes as they come. */
export function createServerStream(onFrame: OnFrame): (bytes: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  let upgraded = false;

  /** Returns the bytes of the frame, 0 when it is not whole. */
  function takeFrame(bytes: Buffer): number {
    const short = bytes[1] ?? 0;
    const start = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (bytes.length < start) return 0;
    const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : bytes.readUIntBE(4, 6);
    if (bytes.length < start + length) return 0;
    onFrame((bytes[0] ?? 0) & 0x0f, bytes.subarray(start, start + length));
    return start + length;
  }

  return (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    if (!upgraded) {
      const end = rest.indexOf(HEAD_END);
      if (end === -1) return;
      upgraded = true;
      rest = rest.subarray(end + HEAD_END.length);
    }
    let at = 0;
    for (let used = takeFrame(rest); used > 0; used = takeFrame(rest.subarray(at))) at += used;
    rest = rest.subarray(at);
  };
}
