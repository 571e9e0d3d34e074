/**
 * The pointer's part in the cursor. A chart tells where its pointer is again with every new sample, also while it rests;
 * a pointer that rests does not take the cursor back from the keyboard.
 */
import type { CursorStore } from './cursor-store.js';

export interface PointerCursor {
  /** Where the pointer is in the chart, and at which moment; `null`: not in it. */
  tell(at: { readonly leftPx: number; readonly timeMs: number } | null): void;
}

export function createPointerCursor(cursor: Pick<CursorStore, 'view' | 'set'>): PointerCursor {
  let told: { readonly leftPx: number; readonly timeMs: number } | null = null;
  return {
    tell(at) {
      const before = told;
      // Where no pointer has been, nothing ends.
      if (at === null && before === null) return;
      const rests = at !== null && at.leftPx === before?.leftPx;
      if (rests && cursor.view() !== before.timeMs) return;
      told = at;
      cursor.set(at?.timeMs ?? null);
    },
  };
}
