/** What a series of readings says about whether something grows. */
import { median } from '../harness.js';

export interface ServerState {
  rssBytes: number;
  /** What lives on the heap, and what waits there to be collected. */
  heapUsedBytes: number;
  /** Open sockets, servers, timers and the like. */
  resources: number;
  openFiles: number;
  /** 99th percentile of how late the event loop was since the reading before. */
  loopDelayP99Ms: number;
}

export interface Reading extends ServerState {
  /** Since the beginning. */
  atMs: number;
  /** From publishing to the clients that stay, since the reading before. */
  p99Ms: number;
}

/** Slope of the line of least squares, in units of `pick` per hour. */
export function slopePerHour(readings: readonly Reading[], pick: (reading: Reading) => number): number {
  const count = readings.length;
  const meanAt = readings.reduce((sum, { atMs }) => sum + atMs, 0) / count;
  const mean = readings.reduce((sum, reading) => sum + pick(reading), 0) / count;
  let [above, below] = [0, 0];
  for (const reading of readings) {
    above += (reading.atMs - meanAt) * (pick(reading) - mean);
    below += (reading.atMs - meanAt) ** 2;
  }
  return (above / below) * 3_600_000;
}

/** The least and the greatest of each quarter: of a saw-tooth, what is left when it was collected, and its peak. */
export function extremesOfQuarters(
  readings: readonly Reading[],
  pick: (reading: Reading) => number,
): { least: number; greatest: number }[] {
  return [0, 1, 2, 3].map((quarter) => {
    const [from, to] = [quarter, quarter + 1].map((end) => Math.floor((readings.length * end) / 4));
    const values = readings.slice(from, to).map(pick);
    return { least: Math.min(...values), greatest: Math.max(...values) };
  });
}

/** Median of the first and of the last part of the readings: `share` of them each. */
export function medianAtEnds(
  readings: readonly Reading[],
  share: number,
  pick: (reading: Reading) => number,
): [first: number, last: number] {
  const count = Math.max(1, Math.floor(readings.length * share));
  return [median(readings.slice(0, count).map(pick)), median(readings.slice(-count).map(pick))];
}
