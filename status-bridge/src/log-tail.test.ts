import { createManualClock, type ManualClock } from '@pulsewire/runtime';
import type { LogTail, LogTailRequest } from '@pulsewire/store';
import { beforeEach, describe, expect, it } from 'vitest';
import { createLogTail, type LogTailer } from './log-tail.js';

describe('log tail', () => {
  let clock: ManualClock;
  let tail: LogTailer;
  let asked: LogTailRequest[];
  let answers: ((tail: LogTail | Error) => void)[];
  let listening: boolean;
  beforeEach(() => {
    clock = createManualClock();
    asked = [];
    answers = [];
    listening = true;
    tail = createLogTail({
      clock,
      read(request) {
        asked.push(request);
        return new Promise((resolve, reject) =>
          answers.push((found) => (found instanceof Error ? reject(found) : resolve(found))),
        );
      },
      hasListeners: () => listening,
      onNew: () => {},
    });
  });

  async function answer(found: LogTail | Error): Promise<void> {
    answers.at(-1)?.(found);
    await new Promise<void>((resolve) => process.nextTick(resolve));
  }

  it('SB-32: a first listener, asked at once where the log stands and then what follows', async () => {
    tail.wake();
    await answer({ lines: [], skipped: 0, position: '41' });
    clock.advance(1000);
    expect(asked.map(({ after }) => after)).toEqual([null, '41']);
  });

  it('SB-32: a question that fails, asked again from the same place', async () => {
    tail.wake();
    await answer({ lines: [], skipped: 0, position: '41' });
    clock.advance(1000);
    await answer(new Error('gone'));
    clock.advance(1000);
    expect(asked.map(({ after }) => after)).toEqual([null, '41', '41']);
  });

  it('SB-6: nobody listens, nothing is asked', () => {
    listening = false;
    tail.wake();
    clock.advance(10_000);
    expect(asked).toEqual([]);
  });

  it('SB-6: a database that takes its time, one question', () => {
    for (let i = 0; i < 10; i += 1) tail.wake();
    clock.advance(10_000);
    expect(asked).toHaveLength(1);
  });

  it('SB-41: stopped, nothing is left scheduled', async () => {
    await tail.stop();
    expect(clock.scheduled).toBe(0);
  });
});
