/**
 * How a stopping gateway says goodbye: one client after the other, so that the gateways which they turn to next
 * are not met by all of them in one moment. A few go quickly; however many there are, all have heard after 2 s.
 */

const STEP_MS = 20;
const WHOLE_MS = 2000;

/** When the client at `index` (from 0) of `count` hears its goodbye: milliseconds after the gateway began to stop. */
export function goodbyeAfterMs(index: number, count: number): number {
  return (index + 1) * Math.min(STEP_MS, WHOLE_MS / count);
}
