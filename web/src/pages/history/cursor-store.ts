/** The moment under the pointer, outside of React's tree: only the table of figures follows it. */
export class CursorStore {
  #timeMs: number | null = null;
  readonly #listeners = new Set<() => void>();

  readonly view = (): number | null => this.#timeMs;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  set(timeMs: number | null): void {
    if (timeMs === this.#timeMs) return;
    this.#timeMs = timeMs;
    for (const listener of this.#listeners) listener();
  }
}
