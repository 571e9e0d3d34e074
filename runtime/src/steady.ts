/**
 * When what is seen of something that others change may be taken: pure. It is taken when it was seen twice, with
 * {@link STEADY_MS} between, so that nobody takes what is half written.
 */

/** So long nobody may write between two parts of a file. */
export const STEADY_MS = 500;

export interface Steady {
  /** What was taken last; `null`: whatever is seen is new. */
  readonly taken: string | null;
  /** What was seen since and may still change, and when it was seen first (monotonic). */
  readonly seen: { readonly text: string; readonly sinceMs: number } | null;
}

/** `again`: look again after {@link STEADY_MS}. */
export type SteadyAction = 'none' | 'again' | 'take';

export function judgeSteady(
  before: Steady,
  text: string,
  nowMs: number,
): { next: Steady; action: SteadyAction } {
  const { taken, seen } = before;
  if (text === taken) return { next: { taken, seen: null }, action: 'none' };
  if (seen?.text !== text) return { next: { taken, seen: { text, sinceMs: nowMs } }, action: 'again' };
  if (nowMs - seen.sinceMs < STEADY_MS) return { next: before, action: 'none' };
  return { next: { taken: text, seen: null }, action: 'take' };
}
