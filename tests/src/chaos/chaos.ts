/**
 * A chaos run: under load, fault after fault, and after each the proof that every client has every number, once
 * and in order, soon after all is whole again. Clients are woken then, as a browser's `online` event does, so that
 * the system is measured rather than their patience. The seed decides everything but the timing of the machine.
 */
import { pause } from '../support/within.js';
import { FAULTS, type Fault, planTurns, type Turn } from './fault.js';
import type { EngineName } from './gateway-process.js';
import { createScene, type Scene } from './scene.js';
import type { RedisKind } from './victim.js';
import type { Account } from './witness.js';

export interface ChaosRound {
  fault: Fault;
  lastsMs: number;
  /** Numbered messages since the round before. */
  published: number;
  /** From the end of the fault until the last client had what was published by then. */
  backMs: number;
  /** Summed up over the clients. */
  missing: number;
  doubled: number;
  misordered: number;
  violations: string[];
}

export interface ChaosReport {
  seed: number;
  clients: number;
  rounds: ChaosRound[];
}

export interface ChaosOptions {
  seed: number;
  rounds: number;
  clients: number;
  engine: EngineName;
  redis: RedisKind;
  onRound?: (round: ChaosRound) => void;
}

/** The promise; a machine that is busy with other things may be given more. */
const BACK_WITHIN_MS = 2000;
const GIVE_UP_MS = 15_000;
const LOOK_EVERY_MS = 20;
const WAKE_EVERY_MS = 250;
/** Being back means to hear what is said after the fault, too. */
const FRESH_NUMBERS = 3;
const NUMBERS_SHOWN = 20;

export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { seed, rounds, clients, engine, redis } = options;
  const scene = await createScene({ clients, engine, redis });
  const report: ChaosReport = { seed, clients, rounds: [] };
  try {
    let checked = 0;
    for (const turn of planTurns(seed, rounds, FAULTS[redis])) {
      const { round, upTo } = await playTurn(scene, turn, checked);
      checked = upTo;
      report.rounds.push(round);
      options.onRound?.(round);
    }
    return report;
  } finally {
    await scene.stop();
  }
}

export function violationsOf({ rounds }: ChaosReport): string[] {
  return rounds.flatMap(({ fault, violations }, index) =>
    violations.map((text) => `round ${index + 1}, ${fault}: ${text}`),
  );
}

async function playTurn(
  scene: Scene,
  { fault, calmMs, lastsMs }: Turn,
  checked: number,
): Promise<{ round: ChaosRound; upTo: number }> {
  const { load, witnesses } = scene;
  await pause(calmMs);
  await scene.suffer(fault, lastsMs);
  const wholeAtMs = performance.now();
  const upTo = load.count() + FRESH_NUMBERS;
  let wokenAtMs = Number.NEGATIVE_INFINITY;
  let behind = witnesses.filter((witness) => !witness.hasReached(upTo));
  while (behind.length > 0 && performance.now() - wholeAtMs < GIVE_UP_MS) {
    if (performance.now() - wokenAtMs >= WAKE_EVERY_MS) {
      for (const witness of behind) witness.wake();
      wokenAtMs = performance.now();
    }
    await pause(LOOK_EVERY_MS);
    behind = behind.filter((witness) => !witness.hasReached(upTo));
  }
  const backMs = Math.round(performance.now() - wholeAtMs);
  const accounts = witnesses.map((witness) => witness.account(checked, upTo));
  const sum = (what: keyof Account) => accounts.reduce((total, account) => total + account[what].length, 0);
  const counts = { missing: sum('missing'), doubled: sum('doubled'), misordered: sum('misordered') };
  const violations = judge(backMs, accounts);
  const states = new Set(witnesses.map((witness) => witness.takeStates().join(' ')));
  if (violations.length > 0) violations.push(`states of the clients: ${[...states].join(' | ')}`);
  return { round: { fault, lastsMs, published: upTo - checked, backMs, ...counts, violations }, upTo };
}

function judge(backMs: number, accounts: readonly Account[]): string[] {
  const violations: string[] = [];
  if (backMs > BACK_WITHIN_MS) violations.push(`back after ${backMs} ms`);
  for (const what of ['missing', 'doubled', 'misordered'] as const) {
    const numbers = new Set(accounts.flatMap((account) => account[what]));
    if (numbers.size > 0) violations.push(`${what}: ${[...numbers].slice(0, NUMBERS_SHOWN).join(', ')}`);
  }
  return violations;
}
