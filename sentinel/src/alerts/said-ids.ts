/** The ids under which this run said something, so that in the log they are told from those of earlier runs. */

export interface SaidIds {
  add(id: string): void;
  has(id: string): boolean;
}

/** The bus keeps no more alerts during an outage: what came before them will not be in the log either. */
const MAX_IDS = 10_000;

export function createSaidIds(): SaidIds {
  const ids = new Set<string>();
  return {
    add(id) {
      ids.add(id);
      if (ids.size <= MAX_IDS) return;
      for (const oldest of ids) return void ids.delete(oldest);
    },
    has: (id) => ids.has(id),
  };
}
