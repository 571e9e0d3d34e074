import { describe, expect, it } from 'vitest';
import { readRange } from './time-range.js';

const NOW = { nowMs: 10_000, lengthMs: 4000 };

describe('the range of a question', () => {
  it.each([
    [{}, 6000, 10_000],
    [{ from: '1000' }, 1000, 10_000],
    [{ to: '1970-01-01T00:00:05Z' }, 1000, 5000],
    [{ to: '3000' }, 0, 3000],
  ])('API-22: %o at 10 s, is from %i to %i ms', (query, fromMs, toMs) => {
    expect(readRange(query, NOW)).toEqual({ ok: true, body: { fromMs, toMs } });
  });

  it.each([{ from: '5000', to: '5000' }, { from: '11000' }, { to: '0' }])(
    'API-22: %o at 10 s, is refused',
    (query) => {
      expect(readRange(query, NOW)).toMatchObject({ ok: false, problem: { code: 'bad_request' } });
    },
  );
});
