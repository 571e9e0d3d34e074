import type { LogRecord } from '@pulsewire/store';
import { describe, expect, it } from 'vitest';
import { deriveStreamedLines } from './streamed-lines.js';

function line(message: string): LogRecord {
  const timeMs = Date.UTC(2026, 0, 19, 6, 40);
  return {
    cursor: '1-1',
    timeMs,
    host: 'a1',
    service: 'api-server',
    level: 'info',
    stream: 'stdout',
    seq: 1,
    message,
  };
}

const streamed = (message: string) =>
  deriveStreamedLines({ lines: [line(message)], skipped: 0, position: '1' })[0]?.message;

describe('streamed lines', () => {
  it('SB-32: a line, in the shape of the specification', () => {
    const tail = { lines: [line('GET /api/status 200')], skipped: 0, position: '1' };
    expect(deriveStreamedLines(tail)).toEqual([
      {
        service: 'api-server',
        level: 'info',
        message: 'GET /api/status 200',
        timestamp: '2026-01-19T06:40:00.000Z',
      },
    ]);
  });

  it.each([
    [1, 'skipped 1 line:'],
    [17, 'skipped 17 lines:'],
  ])('SB-33: %i left out, told before the others', (skipped, text) => {
    const [notice, first] = deriveStreamedLines({ lines: [line('a')], skipped, position: '1' });
    expect(notice).toMatchObject({ service: 'status-bridge', level: 'warn' });
    expect(notice?.message).toContain(text);
    expect(first?.message).toBe('a');
  });

  it('SB-33: a message of 4,096, whole; a longer one, cut to that', () => {
    expect(streamed('a'.repeat(4096))).toBe('a'.repeat(4096));
    expect(streamed('a'.repeat(4097))).toBe(`${'a'.repeat(4095)}…`);
  });

  it('SB-33: a character of two halves at the cut, left out whole', () => {
    expect(streamed(`${'a'.repeat(4094)}😀 more`)).toBe(`${'a'.repeat(4094)}…`);
  });
});
