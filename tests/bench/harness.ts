/**
 * What every bench shares: the shape of a result, how it is shown, statistics, and reading another process's CPU
 * and memory. A bench is a file `<name>.bench.ts` beside this one that exports `bench: Bench`. It measures us and
 * a peer in the same run, alternating, so that both meet the same machine.
 */
import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';

export type BenchRow = Record<string, string | number>;

export interface BenchResult {
  bench: string;
  /** For people: one line of the table each. */
  rows: BenchRow[];
  /** For machines: names and units are promises, e.g. `p99_ms_at_1000`. */
  figures: Record<string, number>;
}

export interface BenchOptions {
  /** Must end within 50 s, at the price of precision. */
  quick: boolean;
  /** Progress, one line each. */
  note: (line: string) => void;
}

export type Bench = (options: BenchOptions) => Promise<BenchResult>;

export interface Machine {
  cpu: string;
  cores: number;
  memory_gib: number;
  kernel: string;
  node: string;
}

export interface ProcessUsage {
  /** User and system time since the process began, in ms (the kernel counts in steps of 10). */
  cpuMs: number;
  rssBytes: number;
}

/** Clock ticks a second of `/proc/<pid>/stat`; fixed at 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

export function describeMachine(): Machine {
  const processors = cpus();
  return {
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memory_gib: Math.round((totalmem() / 2 ** 30) * 10) / 10,
    kernel: readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim(),
    node: process.version,
  };
}

/** CPU time and resident memory of a process. Throws `ENOENT` when it is gone. Children are not counted. */
export function readProcessUsage(pid: number): ProcessUsage {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The command name may contain spaces and parentheses; the numbers start after the last one.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  const resident = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return { cpuMs: (ticks * 1000) / TICKS_PER_SECOND, rssBytes: Number(resident?.[1] ?? 0) * 1024 };
}

/** Nearest-rank percentile: the smallest value that `p` percent do not exceed. `NaN` without values. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = Math.max(1, Math.ceil((p / 100) * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

export function round(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}

/**
 * Runs peers in turn, `rounds` times, reversing the order every round (A B, B A, …), so that a machine that warms
 * up or slows down favours nobody. Results are in the order of the rounds.
 */
export async function alternate<Name extends string, T>(
  peers: Readonly<Record<Name, (round: number) => Promise<T>>>,
  rounds: number,
): Promise<Record<Name, T[]>> {
  const names = Object.keys(peers) as Name[];
  const results = Object.fromEntries(names.map((name) => [name, [] as T[]])) as Record<Name, T[]>;
  for (let index = 0; index < rounds; index += 1) {
    const order = index % 2 === 0 ? names : [...names].reverse();
    for (const name of order) results[name].push(await peers[name](index));
  }
  return results;
}

/** A table with one column per key, numbers to the right. Keys missing in a row stay empty. */
export function renderTable(rows: readonly BenchRow[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cells = rows.map((row) => columns.map((column) => String(row[column] ?? '')));
  const widths = columns.map((column, i) =>
    Math.max(column.length, ...cells.map((row) => row[i]?.length ?? 0)),
  );
  const isNumber = columns.map((column) => rows.every((row) => typeof row[column] !== 'string'));
  const renderRow = (row: readonly string[]) =>
    row
      .map((cell, i) => (isNumber[i] ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  return [
    renderRow(columns),
    widths.map((width) => '-'.repeat(width)).join('  '),
    ...cells.map(renderRow),
  ].join('\n');
}

/** The last line of a bench's output. */
export function renderSummary(result: BenchResult): string {
  const { bench, rows, figures } = result;
  return JSON.stringify({ bench, machine: describeMachine(), rows, figures });
}
