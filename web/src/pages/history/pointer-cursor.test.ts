import { describe, expect, it } from 'vitest';
import { CursorStore } from './cursor-store.js';
import { createPointerCursor } from './pointer-cursor.js';

describe('the pointer in a chart', () => {
  it('WB-130: it rests while the edge moves on, the cursor is at the moment that is under it now', () => {
    const cursor = new CursorStore();
    const pointer = createPointerCursor(cursor);
    pointer.tell({ leftPx: 40, timeMs: 4000 });
    pointer.tell({ leftPx: 40, timeMs: 5000 });
    expect(cursor.view()).toBe(5000);
    pointer.tell(null);
    expect(cursor.view()).toBeNull();
  });

  it('WB-184: it rests in the chart, keys move the cursor until it moves', () => {
    const cursor = new CursorStore();
    const pointer = createPointerCursor(cursor);
    pointer.tell({ leftPx: 40, timeMs: 4000 });
    cursor.set(1000);
    pointer.tell({ leftPx: 40, timeMs: 5000 });
    expect(cursor.view()).toBe(1000);
    cursor.set(null);
    pointer.tell({ leftPx: 40, timeMs: 6000 });
    expect(cursor.view()).toBeNull();
    pointer.tell({ leftPx: 41, timeMs: 6100 });
    expect(cursor.view()).toBe(6100);
  });

  it('WB-184: it has never been there, what keys do stays', () => {
    const cursor = new CursorStore();
    const pointer = createPointerCursor(cursor);
    cursor.set(1000);
    pointer.tell(null);
    expect(cursor.view()).toBe(1000);
  });
});
