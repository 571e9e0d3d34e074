/**
 * One collector's turn at every tick. While its last call is out it is not called again; past the deadline its
 * last values are sent again, marked as stale, so that a dashboard shows their age instead of a flat line.
 */
import type { Sample } from '../sample.js';

export interface Slot {
  /** When the call that is out was made; `null` when none is. Monotonic, like every time here. */
  startedMs: number | null;
  /** When the last values were read; `null` before any. */
  readMs: number | null;
  /** True from a failed call until one succeeds. */
  failing: boolean;
  last: readonly Sample[];
}

export type SlotAction = 'collect' | 'wait' | 'resend';

export const IDLE_SLOT: Slot = { startedMs: null, readMs: null, failing: false, last: [] };

export function decideSlot(slot: Slot, nowMs: number, deadlineMs: number): SlotAction {
  if (slot.startedMs === null) return 'collect';
  return nowMs - slot.startedMs < deadlineMs ? 'wait' : 'resend';
}

export function slotStarted(slot: Slot, nowMs: number): Slot {
  return { ...slot, startedMs: nowMs };
}

export function slotSucceeded(samples: readonly Sample[], nowMs: number): Slot {
  return { startedMs: null, readMs: nowMs, failing: false, last: samples };
}

export function slotFailed(slot: Slot): Slot {
  return { ...slot, startedMs: null, failing: true };
}

/** The last values, each as old as it is now. */
export function staleSamples(slot: Slot, nowMs: number): Sample[] {
  const readMs = slot.readMs;
  if (readMs === null) return [];
  const ageMs = Math.max(0, Math.round(nowMs - readMs));
  return slot.last.map((sample) => ({ ...sample, staleMs: (sample.staleMs ?? 0) + ageMs }));
}

/** Age of the last values while they are not fresh; 0 when all is well or nothing was ever read. */
export function staleForMs(slot: Slot, nowMs: number, deadlineMs: number): number {
  const late = slot.startedMs !== null && nowMs - slot.startedMs >= deadlineMs;
  if (!late && !slot.failing) return 0;
  return Math.max(0, nowMs - (slot.readMs ?? slot.startedMs ?? nowMs));
}
