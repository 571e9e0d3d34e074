/** Who wants to hear of a change. A listener that throws is logged, and the others are told all the same. */
import type { Logger } from '../logger.js';

export interface Listeners<T> {
  /** Returns the end of listening. */
  add(listener: (value: T) => void): () => void;
  tell(value: T): void;
  clear(): void;
}

export function createListeners<T>(logger: Logger): Listeners<T> {
  const listeners = new Set<(value: T) => void>();
  return {
    add(listener) {
      // A copy of its own, so that adding the same function twice means two listeners.
      const entry = (value: T) => listener(value);
      listeners.add(entry);
      return () => {
        listeners.delete(entry);
      };
    },
    tell(value) {
      for (const listener of [...listeners]) {
        if (!listeners.has(listener)) continue;
        try {
          listener(value);
        } catch (error) {
          logger.error({ err: error }, 'a listener of the bus threw');
        }
      }
    },
    clear: () => listeners.clear(),
  };
}
