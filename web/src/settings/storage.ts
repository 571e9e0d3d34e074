/** Web storage that may be forbidden or full: then the page remembers until it is closed. Never throws. */
export interface TextStorage {
  get(name: string): string | null;
  set(name: string, value: string | null): void;
}

type WebStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** `open` is asked once; browsers throw on the mere access when storage is blocked. */
export function createStorage(open: () => WebStorage): TextStorage {
  const remembered = new Map<string, string | null>();
  let storage: WebStorage | null = null;
  try {
    storage = open();
  } catch {
    // Blocked: memory alone.
  }
  return {
    get(name) {
      if (remembered.has(name)) return remembered.get(name) ?? null;
      try {
        return storage?.getItem(name) ?? null;
      } catch {
        return null;
      }
    },
    set(name, value) {
      remembered.set(name, value);
      try {
        if (value === null) storage?.removeItem(name);
        else storage?.setItem(name, value);
      } catch {
        // Full or blocked: memory has it.
      }
    },
  };
}
