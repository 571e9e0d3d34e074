/** Vertical ranges of charts: from zero, to a round number that does not jump with every sample. */
const STEPS = [1, 2, 3, 4, 5, 6, 8, 10] as const;

/** The smallest of 1, 2, 3, 4, 5, 6, 8 × 10ⁿ that is not below `value`; at least `floor`. */
export function roundUp(value: number, floor: number): number {
  const wanted = Math.max(value, floor);
  if (!(wanted > 0) || !Number.isFinite(wanted)) return floor;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = STEPS.find((candidate) => candidate * power >= wanted * (1 - 1e-12)) ?? 10;
  return step * power;
}

/** As {@link roundUp}, in steps of 1, 2, 4, 8 … × 1024ⁿ, so that axis labels are round in KiB, MiB, GiB. */
export function roundUpBytes(value: number, floor: number): number {
  const wanted = Math.max(value, floor);
  if (!(wanted > 0) || !Number.isFinite(wanted)) return floor;
  return 2 ** Math.ceil(Math.log2(wanted) - 1e-12);
}

/** The largest known value of several columns, 0 when there is none. */
export function largest(columns: readonly (readonly (number | null | undefined)[])[]): number {
  let top = 0;
  for (const column of columns) for (const value of column) if (value != null && value > top) top = value;
  return top;
}

/** Colour thresholds of a percentage or temperature; shape and text say the same. */
export type Level = 'ok' | 'warning' | 'critical';
export interface Thresholds {
  readonly warning: number;
  readonly critical: number;
}
export const THRESHOLDS = {
  cpu: { warning: 75, critical: 90 },
  mem: { warning: 80, critical: 90 },
  swap: { warning: 50, critical: 80 },
  disk: { warning: 80, critical: 90 },
  temperature: { warning: 75, critical: 90 },
} as const satisfies Record<string, Thresholds>;

export function deriveLevel(value: number, thresholds: Thresholds | undefined): Level {
  if (thresholds === undefined) return 'ok';
  if (value >= thresholds.critical) return 'critical';
  return value >= thresholds.warning ? 'warning' : 'ok';
}

/** Load is a matter of how many cores share it: 1 per core is busy, 2 per core is too much. */
export function loadThresholds(coreCount: number): Thresholds | undefined {
  return coreCount > 0 ? { warning: coreCount, critical: coreCount * 2 } : undefined;
}
