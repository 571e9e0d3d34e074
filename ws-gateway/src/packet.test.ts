import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPacket } from './packet.js';

/** A second reading of RFC 6455 §5.2, by hand. */
function readFrames(bytes: Buffer): { first: number; payload: Buffer }[] {
  const frames: { first: number; payload: Buffer }[] = [];
  for (let at = 0; at < bytes.length; ) {
    const first = bytes.readUInt8(at);
    const short = bytes.readUInt8(at + 1);
    const [length, start] =
      short < 126
        ? [short, at + 2]
        : short === 126
          ? [bytes.readUInt16BE(at + 2), at + 4]
          : [Number(bytes.readBigUInt64BE(at + 2)), at + 10];
    frames.push({ first, payload: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return frames;
}

describe('a packet', () => {
  it.each([0, 1, 125, 126, 65_535, 65_536, 70_000])(
    'GW-53: a payload of %d bytes, one whole text frame',
    (size) => {
      const payload = Buffer.alloc(size, 0x61);
      const [frame, ...others] = readFrames(createPacket([payload]).framed);
      expect([frame?.first, frame?.payload.equals(payload), others]).toEqual([0x81, true, []]);
    },
  );

  it('GW-51: several payloads, in order in one buffer', () => {
    const sizes = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 10 });
    fc.assert(
      fc.property(sizes, (arrays) => {
        const payloads = arrays.map((array) => Buffer.from(array));
        const frames = readFrames(createPacket(payloads).framed);
        expect(frames.map(({ payload }) => payload.toString('hex'))).toEqual(
          payloads.map((payload) => payload.toString('hex')),
        );
      }),
    );
  });

  it('GW-51: framed once, however often it is asked for', () => {
    const packet = createPacket([Buffer.from('x')]);
    expect(packet.framed).toBe(packet.framed);
  });
});
