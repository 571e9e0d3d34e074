/** One beat for all charts: those that can be seen draw, the others rest. */
import type { PageClock } from '../platform/clock.js';

const BEAT_MS = 500;
/** With new data it draws this often: once a second at one sample a second, and not twice where series take turns. */
export const BUSY_DRAW_MS = 900;
/** Without new data a chart still moves on with the time, this often. */
export const IDLE_DRAW_MS = 1000;

type Beat = (nowMs: number) => void;

/** Each with its own clock: a replay has another now than the page. */
const beats = new Map<Beat, PageClock>();
let stop: (() => void) | null = null;

/** Calls `beat` twice a second while the page is visible, until the returned function is called. */
export function onBeat(clock: PageClock, beat: Beat): () => void {
  beats.set(beat, clock);
  stop ??= clock.every(BEAT_MS, () => {
    if (document.visibilityState === 'hidden') return;
    for (const [each, ownClock] of beats) each(ownClock.nowMs());
  });
  return () => {
    beats.delete(beat);
    if (beats.size > 0) return;
    stop?.();
    stop = null;
  };
}
