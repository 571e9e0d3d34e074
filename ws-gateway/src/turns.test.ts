import { describe, expect, it } from 'vitest';
import { settled } from './testing/deferred.js';
import { createTurns } from './turns.js';

describe('turns', () => {
  it('GW-49: several ask, one is let on in each turn, in the order of asking', async () => {
    const deferred: (() => void)[] = [];
    const turns = createTurns((task) => deferred.push(task));
    const letOn: string[] = [];
    for (const name of ['a', 'b', 'c']) void turns.next().then(() => letOn.push(name));
    const seen: string[][] = [];
    for (let turn = 0; turn < 4; turn += 1) {
      deferred.shift()?.();
      await settled();
      seen.push([...letOn]);
    }
    expect(seen).toEqual([['a'], ['a', 'b'], ['a', 'b', 'c'], ['a', 'b', 'c']]);
  });
});
