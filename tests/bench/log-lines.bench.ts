/**
 * Twenty containers that write 500 lines a second each, on the whole way: Docker Engine, sentinel, Redis, recorder,
 * PostgreSQL. Meanwhile the sentinel is killed, then stopped, each time away for a second, and the engine restarts.
 * Afterwards the store is compared with what the engine itself has, line by line. Must show 6.
 */
import { silentLogger } from '@pulsewire/runtime';
import { type Database, openDatabase } from '@pulsewire/store';
import { builtCommand, builtEntry } from '../src/support/built-entry.js';
import { startDocker, type TestDocker } from '../src/support/docker.js';
import { startPostgres } from '../src/support/postgres.js';
import { makeFolder, startProcess } from '../src/support/process.js';
import { startRedis } from '../src/support/redis.js';
import { pause } from '../src/support/within.js';
import { type Bench, readProcessUsage, round } from './harness.js';
import { type Comparison, compareLines, sumOf } from './log-lines/compare-lines.js';
import { readEngineLines } from './log-lines/engine-lines.js';

const CONTAINERS = 20;
const BURST_LINES = 250;
/** Half a second with what the burst itself takes. */
const BURST_PAUSE_S = 0.46;
const WRITER = `read run < /proc/sys/kernel/random/uuid; i=0; while :; do k=0
  while [ $k -lt ${BURST_LINES} ]; do i=$((i+1)); k=$((k+1)); echo "$run $i GET /api/orders 200 주문 12 ms"; done
  sleep ${BURST_PAUSE_S}; done`;
const AWAY_MS = 1000;
const FULL = { phaseMs: 25_000 };
const QUICK = { phaseMs: 3000 };
/** When for so long nothing new is recorded, nothing will be. */
const SETTLED_MS = 8000;
const names = Array.from({ length: CONTAINERS }, (_, index) => `writer-${index + 1}`);

export const bench: Bench = async ({ quick, note }) => {
  const { phaseMs } = quick ? QUICK : FULL;
  const releases: (() => unknown)[] = [];
  try {
    const [engine, redis, postgres, stateDir] = await Promise.all([
      startDocker(),
      startRedis(),
      startPostgres(),
      makeFolder('state'),
    ]);
    releases.push(redis.stop, postgres.stop, engine.stop);
    const shared = { REDIS_URL: redis.url, PORT: '0', LOG_FORMAT: 'json' };
    const recorder = await startProcess(
      process.execPath,
      builtCommand('recorder'),
      { ...shared, DATABASE_URL: postgres.url },
      { readyWhen: /this recorder records/ },
    );
    releases.push(() => recorder.stop());
    const database = openDatabase({ url: postgres.url, name: 'bench', logger: silentLogger });
    releases.push(() => database.stop());
    const startSentinel = () =>
      startProcess(
        process.execPath,
        [builtEntry('sentinel')],
        // So high that nothing is skipped: how many lines pass is not what this is about.
        { ...shared, DOCKER_HOST: engine.host, STATE_DIR: stateDir, LOG_LINES_PER_SECOND: '100000' },
        { readyWhen: /docker engine connected/ },
      );
    let sentinel = await startSentinel();
    releases.push(() => sentinel.stop());

    note('twenty containers begin to write');
    await Promise.all(names.map((name) => engine.run(name, ['sh', '-c', WRITER])));
    const begunMs = performance.now();
    await pause(phaseMs);
    let cpuMs = 0;
    for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
      note(`the sentinel gets ${signal}`);
      cpuMs += readProcessUsage(sentinel.pid).cpuMs;
      await sentinel.stop(signal);
      await pause(AWAY_MS);
      sentinel = await startSentinel();
      await pause(phaseMs);
    }
    note('the engine restarts');
    await engine.stopEngine();
    await engine.startEngine();
    await Promise.all(names.map((name) => engine.docker.getContainer(name).start()));
    await pause(phaseMs);
    await Promise.all(names.map((name) => engine.docker.getContainer(name).kill()));

    const endedMs = performance.now();
    note('waiting for the last line');
    const expected = await readAll(engine);
    const lines = sumOf([...expected.values()].map(({ length }) => length));
    const lastMs = await settle(database, lines);
    cpuMs += readProcessUsage(sentinel.pid).cpuMs;
    const results = await compareAll(database, expected);
    const total = (figure: keyof Comparison) => sumOf(results.map((result) => result[figure]));
    return {
      bench: 'log-lines',
      rows: results.map((result, index) => ({ container: names[index] ?? '', ...result })),
      figures: {
        lines,
        missing: total('missing'),
        doubled: total('doubled'),
        foreign: total('foreign'),
        misordered: total('misordered'),
        // The engine's restart counts as time, too.
        lines_per_s: round((lines * 1000) / (endedMs - begunMs), 0),
        catch_up_s: round(Math.max(0, lastMs - endedMs) / 1000, 1),
        sentinel_cpu_us_per_line: round((cpuMs * 1000) / lines, 1),
      },
    };
  } finally {
    for (const release of releases.reverse()) await release();
  }
};

async function readAll(engine: TestDocker): Promise<Map<string, string[]>> {
  const expected = new Map<string, string[]>();
  for (const name of names) expected.set(name, await readEngineLines(engine.docker, name));
  return expected;
}

/** Resolves with when the last line came, once all are there or nothing comes any more. */
async function settle(database: Database, lines: number): Promise<number> {
  let before = -1;
  let changedMs = performance.now();
  for (;;) {
    const [row] = await database.query("select count(*) as n from logs where service like 'writer-%'");
    const count = Number(row?.['n']);
    const nowMs = performance.now();
    if (count !== before) changedMs = nowMs;
    // More may come after all are there, if any come twice.
    const waitMs = count >= lines ? SETTLED_MS / 4 : SETTLED_MS;
    if (nowMs - changedMs > waitMs) return changedMs;
    before = count;
    await pause(500);
  }
}

/** In the order in which the API gives lines out. */
async function compareAll(
  database: Database,
  expected: ReadonlyMap<string, readonly string[]>,
): Promise<Comparison[]> {
  const results: Comparison[] = [];
  for (const [name, written] of expected) {
    const rows = await database.query('select message from logs where service = $1 order by time, line', [
      name,
    ]);
    results.push(
      compareLines(
        written,
        rows.map((row) => String(row['message'])),
      ),
    );
  }
  return results;
}
