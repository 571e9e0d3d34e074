import { type Logger, silentLogger } from '@pulsewire/runtime';
import { StoreError } from '@pulsewire/store';
import { describe, expect, it } from 'vitest';
import { createFailureTeller } from './failure-teller.js';

function createRig() {
  const lines: string[] = [];
  const note = (level: string) => (fields: unknown) =>
    void lines.push(`${level} ${(fields as { code: string }).code}`);
  const logger = { ...silentLogger, error: note('error'), info: note('info') } as unknown as Logger;
  return { lines, teller: createFailureTeller(logger) };
}

const full = () => new StoreError('query_failed', 'no space left on device');
const gone = () => new StoreError('database_unavailable', 'gone');

describe('what is said of recording that fails', () => {
  it('RC-25: the same failure again and again, one line, and one when it is over', () => {
    const { lines, teller } = createRig();
    for (let times = 0; times < 3; times += 1) teller.failed(full());
    teller.succeeded();
    teller.succeeded();
    expect(lines).toEqual(['error query_failed', 'info query_failed']);
  });

  it('RC-25: interrupted by an outage, which has lines of its own, not said again', () => {
    const { lines, teller } = createRig();
    for (const error of [full(), gone(), full()]) teller.failed(error);
    expect(lines).toEqual(['error query_failed']);
  });

  it('RC-25: while it fails, the reason is there for whoever asks', () => {
    const { teller } = createRig();
    const codes = [teller.code, teller.failed(gone()), teller.code];
    teller.succeeded();
    expect([...codes, teller.code]).toEqual([null, 'database_unavailable', 'database_unavailable', null]);
  });
});
