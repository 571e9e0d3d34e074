/** Honest health: each dependency says up or down, since when, and why. Source: contracts.md §4. */
import { isoTime } from './clock.js';

export interface DependencyState {
  status: 'up' | 'down';
  sinceMs: number;
  /** Why it is down, as a short code; `null` while up. */
  cause: string | null;
}

export interface Health {
  /** `critical` (the default) means that the process cannot serve while this is down. */
  register(name: string, read: () => DependencyState, options?: { critical?: boolean }): void;
  /** Extra facts shown in `/readyz`, such as the number of clients. */
  describe(name: string, read: () => number | string): void;
  report(): HealthReport;
}

export interface HealthReport {
  ready: boolean;
  dependencies: Record<string, { status: 'up' | 'down'; since: string; cause: string | null }>;
  facts: Record<string, number | string>;
}

export function createHealth(): Health {
  const dependencies = new Map<string, { read: () => DependencyState; critical: boolean }>();
  const facts = new Map<string, () => number | string>();
  return {
    register(name, read, options) {
      dependencies.set(name, { read, critical: options?.critical ?? true });
    },
    describe(name, read) {
      facts.set(name, read);
    },
    report() {
      const states = [...dependencies].map(([name, { read, critical }]) => ({ name, critical, ...read() }));
      return {
        ready: states.every(({ status, critical }) => status === 'up' || !critical),
        dependencies: Object.fromEntries(
          states.map(({ name, status, sinceMs, cause }) => [
            name,
            { status, since: isoTime(sinceMs), cause },
          ]),
        ),
        facts: Object.fromEntries([...facts].map(([name, read]) => [name, read()])),
      };
    },
  };
}
