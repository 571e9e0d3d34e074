/** The faults of a chaos run, and which one comes when: decided by the seed alone. */
import { createRandom, type Random } from '../gateway/support/fuzz.js';

const REDIS_FAULTS = ['redis killed', 'redis frozen', 'redis restarted'] as const;
export type RedisFault = (typeof REDIS_FAULTS)[number];
/** What only a Cluster can suffer. */
const CLUSTER_FAULTS = ['slot moved', 'slot there and back', 'replica took over'] as const;
export type ClusterFault = (typeof CLUSTER_FAULTS)[number];
const OTHER_FAULTS = [
  'gateway killed',
  'gateway drained',
  'network cut',
  'network half open',
  'network held',
  'network in single bytes',
] as const;
export type OtherFault = (typeof OTHER_FAULTS)[number];
export type Fault = RedisFault | ClusterFault | OtherFault;

export const FAULTS: Record<'server' | 'cluster', readonly Fault[]> = {
  server: [...REDIS_FAULTS, ...OTHER_FAULTS],
  cluster: [...REDIS_FAULTS, ...OTHER_FAULTS, ...CLUSTER_FAULTS],
};

export interface Turn {
  fault: Fault;
  /** Load before the fault, so that it meets the system at any moment. */
  calmMs: number;
  /** How long it lasts; nothing for a fault that is over at once. */
  lastsMs: number;
}

const CALM_MS = { from: 100, to: 900 };
const LASTS_MS: Record<Fault, { from: number; to: number }> = {
  'redis killed': { from: 50, to: 3000 },
  'redis frozen': { from: 50, to: 3000 },
  'redis restarted': { from: 0, to: 0 },
  'slot moved': { from: 0, to: 0 },
  'slot there and back': { from: 0, to: 0 },
  'replica took over': { from: 0, to: 0 },
  'gateway killed': { from: 50, to: 1500 },
  'gateway drained': { from: 0, to: 0 },
  'network cut': { from: 0, to: 0 },
  'network half open': { from: 50, to: 3000 },
  'network held': { from: 500, to: 5000 },
  'network in single bytes': { from: 500, to: 1500 },
};

/** Neighbouring seeds must not begin alike (2³² by the golden ratio). */
const SPREAD = 0x9e3779b1;

/** Every fault comes once before one comes again, in an order of its own each time. */
export function planTurns(seed: number, rounds: number, faults: readonly Fault[] = FAULTS.server): Turn[] {
  const random = createRandom(Math.imul(seed, SPREAD));
  const turns: Turn[] = [];
  let bag: Fault[] = [];
  while (turns.length < rounds) {
    if (bag.length === 0) bag = [...faults];
    const [fault] = bag.splice(random(bag.length), 1);
    if (fault === undefined) continue;
    turns.push({ fault, calmMs: within(CALM_MS, random), lastsMs: within(LASTS_MS[fault], random) });
  }
  return turns;
}

function within({ from, to }: { from: number; to: number }, random: Random): number {
  return from + random(to - from + 1);
}
