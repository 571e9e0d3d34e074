import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEntryQueue } from './entry-queue.js';

const entryOf = (id: number, length: number) => ({ id: `${id}-0`, bytes: Buffer.alloc(length) });

describe('entry queue', () => {
  it('RC-13: pushed and dropped at random, in order and within its limits', () => {
    const actions = fc.array(fc.oneof(fc.record({ push: fc.nat(30) }), fc.record({ drop: fc.nat(3) })));
    fc.assert(
      fc.property(actions, (list) => {
        const queue = createEntryQueue({ entries: 5, bytes: 60 });
        let model: { id: string; bytes: Buffer }[] = [];
        list.forEach((action, i) => {
          if ('drop' in action) {
            queue.drop(action.drop);
            model = model.slice(action.drop);
          } else {
            const entry = entryOf(i, action.push);
            if (queue.push(entry)) model.push(entry);
          }
          expect(queue.peek(99)).toEqual(model);
          expect(queue.bytes).toBe(model.reduce((sum, { bytes }) => sum + bytes.length, 0));
          expect(queue.size).toBeLessThanOrEqual(5);
          expect(queue.bytes).toBeLessThanOrEqual(60);
        });
      }),
    );
  });

  it('RC-13: a message larger than the whole queue, taken when nothing else is in it', () => {
    const queue = createEntryQueue({ entries: 5, bytes: 10 });
    expect(queue.push(entryOf(1, 11))).toBe(true);
    expect(queue.push(entryOf(2, 1))).toBe(false);
    queue.clear();
    expect(queue.push(entryOf(2, 1))).toBe(true);
  });
});
