import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderLine } from './frame-source.js';

describe('line of a frame', () => {
  it('CL-10: compact frame, the same bytes and a line break', () => {
    expect(renderLine('{"a": 1.50}')).toBe('{"a": 1.50}\n');
  });

  it('CL-10: any JSON with line breaks between its tokens, one line of the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom('\n', '\r\n', '  '), (value, indent) => {
        const frame = JSON.stringify(value, null, 2).replaceAll('\n', indent === '  ' ? '\n' : indent);
        const line = renderLine(frame);
        expect(line.trimEnd().includes('\n')).toBe(false);
        expect(JSON.parse(line)).toEqual(JSON.parse(frame));
      }),
    );
  });
});
