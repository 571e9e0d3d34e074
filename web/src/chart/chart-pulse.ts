/** One beat for all charts: those that can be seen draw, the others rest. */
import type { PageClock } from '../platform/clock.js';

const BEAT_MS = 500;
/** With new data it draws this often: once a second at one sample a second, and not twice where series take turns. */
export const BUSY_DRAW_MS = 900;
/** Without new data a chart still moves on with the time, this often. */
export const IDLE_DRAW_MS = 1000;

type Beat = (nowMs: number) => void;

const beats = new Set<Beat>();
let stop: (() => void) | null = null;

/** Calls `beat` twice a second while the page is visible, until the returned function is called. */
export function onBeat(clock: PageClock, beat: Beat): () => void {
  beats.add(beat);
  stop ??= clock.every(BEAT_MS, () => {
    if (document.visibilityState === 'hidden') return;
    for (const each of beats) each(clock.nowMs());
  });
  return () => {
    beats.delete(beat);
    if (beats.size > 0) return;
    stop?.();
    stop = null;
  };
}
