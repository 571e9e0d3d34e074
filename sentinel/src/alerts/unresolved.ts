/** Folds a channel's log, entry by entry, into the alerts of this host that fired and did not resolve. */
import { type OwnAlert, parseOwnAlert } from './own-alert.js';

export interface Unresolved {
  /** One entry of the log; they are to come in order. */
  note(bytes: Buffer): void;
  /** Oldest firing first. */
  all(): OwnAlert[];
}

/** More than one host has ever had at a time; what a flood left behind must not take the collector's memory. */
const MAX_UNRESOLVED = 1000;

export function createUnresolved(host: string): Unresolved {
  const firing = new Map<string, OwnAlert>();
  return {
    note(bytes) {
      const alert = parseOwnAlert(bytes, host);
      if (alert === null) return;
      const id = alert.data.alert_id;
      firing.delete(id);
      if (alert.data.state === 'firing') firing.set(id, alert);
      if (firing.size <= MAX_UNRESOLVED) return;
      for (const oldest of firing.keys()) return void firing.delete(oldest);
    },
    all: () => [...firing.values()],
  };
}
