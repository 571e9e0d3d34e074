import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KEPT_BYTES } from './line-assembler.js';
import { createLogDecoder } from './log-decoder.js';

const T1 = '2026-01-17T04:30:00.000000001Z';
const T2 = '2026-01-17T04:30:00.000000002Z';

/** As the engine frames it: stream, zeros, length, payload. */
function frame(stream: number, payload: string | Buffer): Buffer {
  const body = Buffer.from(payload);
  const header = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(body.length, 4);
  return Buffer.concat([header, body]);
}

/** `[stream, time, text, whole length]` of every line. */
function decode(tty: boolean, chunks: readonly Buffer[], finish = false) {
  const lines: [string, string | null, string, number][] = [];
  const decoder = createLogDecoder(tty, (stream, { time, bytes, totalBytes }) => {
    lines.push([stream, time, bytes.toString(), totalBytes]);
  });
  for (const chunk of chunks) decoder.push(chunk);
  const open = decoder.openSince();
  if (finish) decoder.finish();
  return { lines, open };
}

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...ends, bytes.length].map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end));
}

const anyCuts = fc.array(fc.nat(100_000), { maxLength: 30 });
const anyText = fc.string({ unit: 'grapheme', maxLength: 60 }).map((text) => text.replaceAll('\n', ' '));
const anyLines = fc.array(fc.record({ stream: fc.constantFrom(1, 2), text: anyText }), { maxLength: 20 });
const timeOf = (i: number) => `2026-01-17T04:30:00.${String(i).padStart(9, '0')}Z`;

describe('decoding the log of a container', () => {
  it('SE-101: lines of both streams, cut anywhere, the same lines with their times', () => {
    fc.assert(
      fc.property(anyLines, anyCuts, (given, cuts) => {
        const bytes = Buffer.concat(
          given.map(({ stream, text }, i) => frame(stream, `${timeOf(i)} ${text}\n`)),
        );
        const { lines } = decode(false, cut(bytes, cuts));
        const name = (stream: number) => (stream === 1 ? 'stdout' : 'stderr');
        expect(lines.map((line) => line.slice(0, 3))).toEqual(
          given.map(({ stream, text }, i) => [name(stream), timeOf(i), text]),
        );
      }),
    );
  });

  it('SE-101: lines of a terminal, cut anywhere, the same lines with their times', () => {
    fc.assert(
      fc.property(fc.array(anyText, { maxLength: 20 }), anyCuts, (texts, cuts) => {
        const bytes = Buffer.from(texts.map((text, i) => `${timeOf(i)} ${text}\n`).join(''));
        const { lines } = decode(true, cut(bytes, cuts));
        expect(lines.map(([, time, text]) => [time, text])).toEqual(
          texts.map((text, i) => [timeOf(i), text]),
        );
      }),
    );
  });

  it('SE-102: parts of long lines, mixed with the other stream, each one line without times inside', () => {
    const chunks = [
      frame(1, `${T1} ${'a'.repeat(16_384)}`),
      frame(2, `${T2} other\n`),
      frame(1, `${T1} ${'b'.repeat(16_384)}`),
      frame(1, `${T1} end\n`),
    ];
    const { lines } = decode(false, chunks);
    expect(lines.map(([stream, time, , length]) => [stream, time, length])).toEqual([
      ['stderr', T2, 5],
      ['stdout', T1, 32_771],
    ]);
    expect(lines[1]?.[2].slice(16_380, 16_390)).toBe('aaaabbbbbb');
  });

  it('SE-102: parts of a long line of a terminal, one line', () => {
    const { lines } = decode(true, [Buffer.from(`${T1} ${'a'.repeat(16_384)}${T1} bcd\n`)]);
    expect(lines).toEqual([['stdout', T1, `${'a'.repeat(16_384)}bcd`, 16_387]]);
  });

  it('SE-103: a line of 1 MB, its beginning and its whole length', () => {
    const parts = Array.from({ length: 64 }, () => frame(1, `${T1} ${'x'.repeat(16_384)}`));
    const { lines } = decode(false, [...parts, frame(1, `${T1} \n`)]);
    expect(lines.map(([, , text, length]) => [text.length, length])).toEqual([[KEPT_BYTES, 1_048_576]]);
  });

  it('SE-104: the last words of a process without a line feed, a line once another begins or the log ends', () => {
    const first = decode(false, [frame(1, `${T1} last words`), frame(1, `${T2} next run\n`)]);
    expect(first.lines.map(([, , text]) => text)).toEqual(['last words', 'next run']);
    const second = decode(false, [frame(1, `${T1} last words`)], true);
    expect([second.open, second.lines.map(([, , text]) => text)]).toEqual([[T1], ['last words']]);
  });

  it('SE-101: empty lines and lines that begin with a time of their own, as they are', () => {
    const { lines } = decode(false, [frame(1, `${T1} \n`), frame(1, `${T2} ${T1} started\n`)]);
    expect(lines.map(([, , text]) => text)).toEqual(['', `${T1} started`]);
  });

  it('SE-101: a time with an offset, in UTC', () => {
    const { lines } = decode(false, [frame(1, '2026-01-17T13:30:00.5+09:00 hello\n')]);
    expect(lines[0]?.slice(1, 3)).toEqual(['2026-01-17T04:30:00.500000000Z', 'hello']);
  });

  it('SE-105: any bytes, lines or an error, and never more held than is kept', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.array(fc.uint8Array({ maxLength: 200 })), (tty, chunks) => {
        let error: unknown;
        try {
          const { lines } = decode(tty, chunks.map(Buffer.from), true);
          expect(lines.every(([, , text]) => text.length <= KEPT_BYTES)).toBe(true);
        } catch (thrown) {
          error = thrown;
        }
        expect(error === undefined || /no frame/.test(String(error))).toBe(true);
      }),
    );
  });

  it('SE-105: what is no frame, an error', () => {
    expect(() => decode(false, [Buffer.from('plain text, no frames')])).toThrow('no frame');
  });
});
