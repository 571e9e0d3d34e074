/** For tests with a manual clock: what has been resolved arrives, and so does what follows from it. */

const TURNS = 100;

/** Lets promises run until none of a reasonable chain is left. No time passes. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn += 1) await Promise.resolve();
}
