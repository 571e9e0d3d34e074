import { describe, expect, it } from 'vitest';
import { createBottleneckPacer } from './pacer.js';

describe('the pacer', () => {
  it('GW-61: tasks run one after the other, in order', async () => {
    const pacer = createBottleneckPacer(5);
    const ran: number[] = [];
    await new Promise<void>((resolve) => {
      for (const number of [1, 2, 3]) pacer.schedule(() => ran.push(number));
      pacer.schedule(resolve);
    });
    pacer.stop();
    expect(ran).toEqual([1, 2, 3]);
  });

  it('GW-92: stopped, even twice, nothing runs any more', async () => {
    const pacer = createBottleneckPacer(5);
    const ran: string[] = [];
    pacer.schedule(() => ran.push('waiting'));
    pacer.stop();
    pacer.stop();
    pacer.schedule(() => ran.push('late'));
    const other = createBottleneckPacer(5);
    await new Promise<void>((resolve) => {
      other.schedule(() => other.schedule(resolve));
    });
    other.stop();
    expect(ran).toEqual([]);
  });
});
