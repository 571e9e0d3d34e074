/** Work that comes in pieces takes turns: one piece in each turn of the event loop, in the order of asking. */

export interface Turns {
  /** Resolves when the next piece may be worked on. */
  next(): Promise<void>;
}

/** `defer` runs the task in a turn of its own. */
export function createTurns(defer: (task: () => void) => void): Turns {
  const waiting: (() => void)[] = [];

  function letNext(): void {
    waiting.shift()?.();
    if (waiting.length > 0) defer(letNext);
  }

  return {
    next: () =>
      new Promise((resolve) => {
        if (waiting.length === 0) defer(letNext);
        waiting.push(resolve);
      }),
  };
}
