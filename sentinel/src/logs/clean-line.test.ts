import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanLine, MAX_MESSAGE_BYTES } from './clean-line.js';

const clean = (text: string, totalBytes?: number) =>
  cleanLine(Buffer.from(text), totalBytes ?? Buffer.byteLength(text));

describe('text of a line', () => {
  it.each([
    ['\u001b[31mred\u001b[0m and \u001b[1;38;5;12mblue\u001b[m', 'red and blue'],
    ['\u001b]0;title\u0007text \u001b]8;;https://x\u001b\\link\u001b]8;;\u001b\\', 'text link'],
    ['\u001b[2Kdone\u001b[', 'done'],
    ['bell\u0007 null\u0000 tab\there', 'bell null tab\there'],
    ['10 %\r20 %\r30 %\r', '30 %'],
    ['dos line\r', 'dos line'],
    ['한국어 ✓ 🚀', '한국어 ✓ 🚀'],
  ])('SE-106: %j, %j', (given, expected) => {
    expect(clean(given)).toBe(expected);
  });

  it('SE-106: bytes that are no UTF-8, replaced one by one', () => {
    expect(cleanLine(Buffer.from([0x61, 0xff, 0x62]), 3)).toBe('a\ufffdb');
  });

  it('SE-103: a line that was cut, a mark with its whole length', () => {
    expect(clean('x'.repeat(32_768), 1_048_576)).toBe(
      `${'x'.repeat(MAX_MESSAGE_BYTES)} … [cut: 1048576 bytes]`,
    );
  });

  it('SE-103: cut within a character, that character is left out', () => {
    expect(clean(`a${'한'.repeat(11_000)}`)).toMatch(/^a한{9999} … \[cut: 33001 bytes\]$/);
  });

  it('SE-107: any text, a message of it fits into the payload of the bus', () => {
    const text = fc.string({ unit: 'binary', minLength: 5000, maxLength: 20_000 });
    const heavy = fc.constantFrom('"', '\\', '\t', '\u001b[31m', '한').map((part) => part.repeat(32_000));
    fc.assert(
      fc.property(fc.oneof(text, heavy), (given) => {
        const bytes = Buffer.from(given).subarray(0, 32_768);
        const said = JSON.stringify(cleanLine(bytes, Buffer.byteLength(given)));
        expect(Buffer.byteLength(said)).toBeLessThan(62_000);
      }),
      { numRuns: 50 },
    );
  });
});
