import { createManualClock, type Logger, silentLogger } from '@pulsewire/runtime';
import { describe, expect, it } from 'vitest';
import { createRefusedLog } from './refused-log.js';

function setUp() {
  const lines: object[] = [];
  const logger: Logger = { ...silentLogger, warn: (fields) => lines.push(fields) };
  const clock = createManualClock();
  return { lines, clock, log: createRefusedLog(logger, clock) };
}

describe('refused bus messages', () => {
  it('GW-52: thousands, one line at once and one summary per 10 s', () => {
    const { lines, clock, log } = setUp();
    for (let index = 0; index < 5000; index += 1) log.note('not_json');
    log.note('too_large');
    clock.advance(10_000);
    expect(lines).toEqual([{ refused: { not_json: 1 } }, { refused: { not_json: 4999, too_large: 1 } }]);
  });

  it('GW-52: no more of them, no further line', () => {
    const { lines, clock, log } = setUp();
    log.note('not_json');
    clock.advance(60_000);
    expect([lines.length, clock.scheduled]).toEqual([1, 0]);
  });

  it('GW-52: again after a quiet time, at once', () => {
    const { lines, clock, log } = setUp();
    log.note('not_json');
    clock.advance(60_000);
    log.note('not_utf8');
    expect(lines.at(-1)).toEqual({ refused: { not_utf8: 1 } });
  });

  it('GW-52: stopped, what was not told yet is', () => {
    const { lines, log } = setUp();
    for (let index = 0; index < 3; index += 1) log.note('not_json');
    log.stop();
    expect(lines).toEqual([{ refused: { not_json: 1 } }, { refused: { not_json: 2 } }]);
  });

  it('GW-92: stopped, nothing is scheduled', () => {
    const { clock, log } = setUp();
    log.note('not_json');
    log.note('not_json');
    log.stop();
    expect(clock.scheduled).toBe(0);
  });
});
