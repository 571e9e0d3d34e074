/** What the sampler runs at every tick: one collector per thing that can be slow or fail on its own. */
import type { Sample } from '../sample.js';

export interface Collector {
  readonly name: string;
  /**
   * Reads once and derives. `monotonicMs` is the clock's time at the reading, for rates. A collector that
   * cannot hang answers at once, without a promise. Rejecting means: no value this time.
   */
  collect(monotonicMs: number): readonly Sample[] | Promise<readonly Sample[]>;
  /** Frees what it holds open. */
  close?(): void;
}

/** Text of a kernel file, read anew each time. */
export type ReadText = (path: string) => string;
