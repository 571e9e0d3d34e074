/** Waiting in tests: a promise that the test settles itself, and a turn of the event loop. */
import { atEndOfTurn } from '@pulsewire/runtime';

export interface Deferred<T> {
  promise: Promise<T>;
  resolve(value: T): void;
}

export function createDeferred<T>(): Deferred<T> {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** Resolves when everything that waits for no more than other promises has happened. */
export function settled(): Promise<void> {
  return new Promise((resolve) => atEndOfTurn(resolve));
}
