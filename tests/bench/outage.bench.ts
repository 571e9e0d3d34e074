/**
 * How fast the truth travels when Redis fails: 100 clients, Redis killed and Redis frozen, under load. Must show 4.
 * There is no peer: the promise is absolute (503 within 1 s, 200 within 2 s, nothing lost, nothing twice).
 */
import { type OutageKind, type OutageReport, playOutage } from '../src/faults/outage-scenario.js';
import type { BenchOptions, BenchResult, BenchRow } from './harness.js';
import { round } from './harness.js';

const CLIENTS = 100;

export async function bench({ quick, note }: BenchOptions): Promise<BenchResult> {
  const rounds: OutageKind[] = quick
    ? ['kill', 'freeze']
    : ['kill', 'freeze', 'kill', 'freeze', 'kill', 'freeze'];
  const reports: { kind: OutageKind; report: OutageReport }[] = [];
  for (const kind of rounds) {
    note(`Redis ${kind}, ${CLIENTS} clients`);
    reports.push({
      kind,
      report: await playOutage({ kind, clients: CLIENTS, outageMs: quick ? 3000 : 12_000 }),
    });
  }
  const all = reports.map(({ report }) => report);
  const sum = (pick: (report: OutageReport) => number) =>
    all.reduce((total, report) => total + pick(report), 0);
  return {
    bench: 'outage',
    rows: reports.map(({ kind, report }) => renderRow(kind, report)),
    figures: {
      max_ms_to_503: round(Math.max(...all.flatMap(({ msTo503 }) => msTo503))),
      max_ms_to_200: round(Math.max(...all.flatMap(({ msTo200 }) => msTo200))),
      missing: sum(({ missing }) => missing),
      doubled: sum(({ doubled }) => doubled),
      misordered: sum(({ misordered }) => misordered),
    },
  };
}

function renderRow(kind: OutageKind, report: OutageReport): BenchRow {
  return {
    redis: kind === 'kill' ? 'killed' : 'frozen',
    clients: report.clients,
    published: report.published,
    'to 503 (ms, worst)': round(Math.max(...report.msTo503), 0),
    'to 200 (ms, worst)': round(Math.max(...report.msTo200), 0),
    missing: report.missing,
    doubled: report.doubled,
    misordered: report.misordered,
    'gateway warnings': report.gatewayWarnings.length,
  };
}
