/** Listeners by event. One that throws is reported and keeps nobody from being told. */
import type { StreamEvents } from './types.js';

export interface Emitter {
  on<E extends keyof StreamEvents>(event: E, listener: StreamEvents[E]): () => void;
  /** Tells every listener, unless `stillTrue` turns false in between. */
  emit<E extends keyof StreamEvents>(
    event: E,
    value: Parameters<StreamEvents[E]>[0],
    stillTrue?: () => boolean,
  ): void;
}

type AnyListener = (value: unknown) => void;

export function createEmitter(onListenerError: (error: unknown) => void): Emitter {
  const listeners = new Map<keyof StreamEvents, Set<AnyListener>>();
  return {
    on(event, listener) {
      const registered: AnyListener = (value) => (listener as AnyListener)(value);
      const set = listeners.get(event) ?? new Set();
      listeners.set(event, set.add(registered));
      return () => {
        set.delete(registered);
      };
    },
    emit(event, value, stillTrue = () => true) {
      for (const listener of [...(listeners.get(event) ?? [])]) {
        if (!stillTrue()) return;
        try {
          listener(value);
        } catch (error) {
          onListenerError(error);
        }
      }
    },
  };
}
