/**
 * `node run-chaos.js [--seed N] [--rounds N] [--clients N] [--engine ws|uws] [--redis server|cluster]`: a table of the rounds, then one line of JSON. Exit 1
 * when a promise was broken, with the command that repeats the run; exit 2 for a wrong call.
 */
import { parseArgs } from 'node:util';
import { describeMachine, renderTable } from '../../bench/harness.js';
import { type ChaosRound, runChaos, violationsOf } from './chaos.js';
import type { EngineName } from './gateway-process.js';
import type { RedisKind } from './victim.js';

const DEFAULT_ROUNDS = 20;
const DEFAULT_CLIENTS = 8;
const USAGE =
  'usage: npm run chaos -- [--seed N] [--rounds N] [--clients N] [--engine ws|uws] [--redis server|cluster]\n';

const { seed, rounds, clients, engine, redis } = readArguments();
process.stderr.write(`seed ${seed}\n`);
const report = await runChaos({ seed, rounds, clients, engine, redis, onRound: tell });
const violations = violationsOf(report);
const table = report.rounds.map(({ violations: _told, ...row }, index) => ({ round: index + 1, ...row }));
process.stdout.write(`\n${renderTable(table)}\n\n`);
for (const violation of violations) process.stdout.write(`${violation}\n`);
if (violations.length > 0)
  process.stdout.write(
    `repeat with: npm run chaos -- --seed ${seed} --rounds ${rounds} --clients ${clients} --engine ${engine} --redis ${redis}\n`,
  );
const figures = {
  violations: violations.length,
  missing: total(({ missing }) => missing),
  doubled: total(({ doubled }) => doubled),
  misordered: total(({ misordered }) => misordered),
  max_ms_back: Math.max(0, ...report.rounds.map(({ backMs }) => backMs)),
};
const summary = {
  chaos: 'feed',
  seed,
  clients,
  engine,
  redis,
  machine: describeMachine(),
  rounds: report.rounds,
  figures,
};
process.stdout.write(`${JSON.stringify(summary)}\n`);
process.exit(violations.length > 0 ? 1 : 0);

function total(pick: (round: ChaosRound) => number): number {
  return report.rounds.reduce((sum, round) => sum + pick(round), 0);
}

function tell({ fault, lastsMs, backMs, violations: broken }: ChaosRound): void {
  const verdict = broken.length === 0 ? 'ok' : 'BROKEN';
  process.stderr.write(`${fault}, ${lastsMs} ms: back after ${backMs} ms, ${verdict}\n`);
}

interface Arguments {
  seed: number;
  rounds: number;
  clients: number;
  engine: EngineName;
  redis: RedisKind;
}

function readArguments(): Arguments {
  try {
    const text = { type: 'string' } as const;
    const options = { seed: text, rounds: text, clients: text, engine: text, redis: text };
    const { values } = parseArgs({ options });
    return {
      seed: wholeNumber(values.seed, Math.floor(Date.now() / 1000)),
      rounds: wholeNumber(values.rounds, DEFAULT_ROUNDS),
      clients: wholeNumber(values.clients, DEFAULT_CLIENTS),
      engine: oneOf(['ws', 'uws'], values.engine ?? 'ws'),
      redis: oneOf(['server', 'cluster'], values.redis ?? 'server'),
    };
  } catch {
    process.stderr.write(USAGE);
    process.exit(2);
  }
}

function wholeNumber(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (!/^\d{1,10}$/.test(text)) throw new RangeError(text);
  return Number(text);
}

function oneOf<T extends string>(allowed: readonly T[], text: string): T {
  const found = allowed.find((each) => each === text);
  if (found === undefined) throw new RangeError(text);
  return found;
}
