import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFrameScanner } from '../../bench/load/frame-scan.js';

const OTHER = '{"type":"hello","data":{"client_id":"c1"}}';

/** An unmasked frame of one of the three length forms. */
function frame(text: string, opcode = 0x81): Buffer {
  const payload = Buffer.from(text);
  if (payload.length < 126) return Buffer.concat([Buffer.from([opcode, payload.length]), payload]);
  const header = Buffer.alloc(payload.length < 65_536 ? 4 : 10);
  header[0] = opcode;
  header[1] = payload.length < 65_536 ? 126 : 127;
  if (payload.length < 65_536) header.writeUInt16BE(payload.length, 2);
  else header.writeBigUInt64BE(BigInt(payload.length), 2);
  return Buffer.concat([header, payload]);
}

const sampleText = (stamp: number, padding: string) =>
  `{"type":"system_metric","data":{"time":"${padding}","value":${stamp},"source":"host"}}`;

function scanInPieces(bytes: Buffer, cuts: readonly number[], onPing = (_payload: string) => {}): number[] {
  const stamps: number[] = [];
  const scan = createFrameScanner(
    (stamp) => stamps.push(stamp),
    (payload) => onPing(String(payload)),
  );
  const shared = Buffer.alloc(bytes.length + 1);
  let from = 0;
  for (const to of [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)) {
    bytes.copy(shared, 0, from, to);
    scan(shared, to - from);
    from = to;
  }
  return stamps;
}

describe('frame scanner', () => {
  it('BN-6: any frames cut anywhere, every stamp is found once and in order', () => {
    const stamp = fc.integer({ min: 0, max: 2 ** 40 }).map((micros) => micros / 1000);
    const padding = fc.constantFrom('', 'x'.repeat(20), 'y'.repeat(200), 'z'.repeat(70_000));
    const part = fc.oneof(fc.record({ stamp, padding }), fc.constant(null));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), fc.array(fc.nat(), { maxLength: 12 }), (parts, cuts) => {
        const frames = parts.map((given) =>
          frame(given === null ? OTHER : sampleText(given.stamp, given.padding)),
        );
        const expected = parts.flatMap((given) => (given === null ? [] : [given.stamp]));
        expect(scanInPieces(Buffer.concat(frames), cuts)).toEqual(expected);
      }),
    );
  });

  it('BN-6: pings between samples, handed on with their payloads', () => {
    const bytes = Buffer.concat([
      frame(sampleText(1.5, '')),
      frame('7.1', 0x89),
      frame('', 0x89),
      frame(sampleText(2.25, '')),
    ]);
    const pings: string[] = [];
    const stamps = scanInPieces(bytes, [3, 50], (payload) => pings.push(payload));
    expect([stamps, pings]).toEqual([
      [1.5, 2.25],
      ['7.1', ''],
    ]);
  });
});
