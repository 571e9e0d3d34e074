import { atEndOfTurn, createManualClock } from '@pulsewire/runtime';
import { describe, expect, it } from 'vitest';
import type { ContainerSample } from '../sample.js';
import { settle } from '../test-support/settle.js';
import { createContainerCollector } from './container-collector.js';
import type { ContainerFacts } from './container-facts.js';
import { deriveStats, parseStats } from './container-stats.js';

const IDENTITY = { container: 'api', containerId: 'c1' };
const answer = (second: number, cpuMs: number, fields: object = {}) => ({
  read: `2026-01-17T04:30:0${second}.000000000Z`,
  cpu_stats: { cpu_usage: { total_usage: cpuMs * 1e6 } },
  memory_stats: { usage: 300, limit: 1000, stats: { inactive_file: 100 } },
  networks: { eth0: { rx_bytes: 100 * second, tx_bytes: 10 }, eth1: { rx_bytes: 0, tx_bytes: 10 * second } },
  ...fields,
});
const derive = (before: object | null, now: object) => {
  const reading = parseStats(now);
  if (reading === null) throw new Error('not understood');
  const samples = deriveStats(before === null ? null : parseStats(before), reading, IDENTITY);
  return Object.fromEntries(samples.map(({ metricType, value }) => [metricType, value]));
};

describe('metrics of a container', () => {
  it('SE-60: two readings, CPU as percent of one core, rates summed over interfaces', () => {
    expect(derive(answer(0, 0), answer(2, 3000))).toEqual({
      cpu: 150,
      mem: 20,
      mem_bytes: 200,
      net_rx: 100,
      net_tx: 10,
    });
  });

  it('SE-60: the first reading, memory only', () => {
    expect(derive(null, answer(0, 500))).toEqual({ mem: 20, mem_bytes: 200 });
  });

  it('SE-60: cgroup v1 names its cache otherwise', () => {
    const memory_stats = { usage: 300, limit: 1000, stats: { total_inactive_file: 200, inactive_file: 1 } };
    expect(derive(null, answer(0, 0, { memory_stats }))).toMatchObject({ mem_bytes: 100 });
  });

  it('SE-60: a container without network or limit, what there is', () => {
    const fields = { networks: undefined, memory_stats: { usage: 300 } };
    expect(derive(answer(0, 0, fields), answer(1, 10, fields))).toEqual({ cpu: 1, mem_bytes: 300 });
  });

  it('SE-6: counters that went back with a restart, no rate', () => {
    expect(derive(answer(5, 9000), answer(6, 10, { networks: {} }))).not.toHaveProperty('cpu');
  });

  it('SE-60: the answer about a stopped container is no reading', () => {
    expect(parseStats({ read: '0001-01-01T00:00:00Z', cpu_stats: {} })).toBeNull();
  });
});

describe('reading many containers', () => {
  const facts = (id: string): ContainerFacts => ({
    id,
    name: `name-${id}`,
    image: null,
    status: 'running',
    health: null,
    exitCode: null,
    startedAtMs: null,
  });

  function setUp(ids: readonly string[]) {
    const clock = createManualClock();
    const asked: string[] = [];
    const hung = new Set<string>();
    let out = 0;
    let most = 0;
    let running = ids.map(facts);
    let fresh: ContainerSample[] = [];
    const collector = createContainerCollector(
      {
        running: () => running,
        async stats(id) {
          asked.push(id);
          out += 1;
          most = Math.max(most, out);
          await (hung.has(id) ? new Promise(() => {}) : Promise.resolve());
          out -= 1;
          return answer(0, 0);
        },
      },
      clock,
      (samples) => fresh.push(...samples),
    );
    /** One tick: what was sent again, then what was answered. */
    async function collect() {
      fresh = [];
      const old = await collector.collect(clock.monotonicMs());
      await settle();
      await new Promise<void>((resolve) => atEndOfTurn(resolve));
      clock.advance(1000);
      return [...old, ...fresh];
    }
    return { asked, clock, hung, collect, most: () => most, stopAll: () => (running = []) };
  }

  it('SE-60: a hundred containers, all read, never more than 64 calls at once', async () => {
    const { collect, most } = setUp(Array.from({ length: 100 }, (_, n) => `c${n}`));
    expect(await collect()).toHaveLength(200);
    expect(most()).toBe(64);
  });

  it('SE-65: a fresh value, the time at which the engine read it', async () => {
    const { collect, clock } = setUp(['c1']);
    const [sample] = await collect();
    expect(sample).toMatchObject({ readAtMs: clock.nowMs() - 1000 });
  });

  it('SE-65: an engine whose clock is wrong, the time of its answer', async () => {
    const { collect, clock } = setUp(['c1']);
    clock.advance(60_000);
    const [sample] = await collect();
    expect(sample).toMatchObject({ readAtMs: clock.nowMs() - 1000 });
  });

  it('SE-65: an old value sent again, the time of the tick', async () => {
    const { collect, hung } = setUp(['c1']);
    await collect();
    hung.add('c1');
    await collect();
    await collect();
    const [again] = await collect();
    expect(again).not.toHaveProperty('readAtMs');
  });

  it('SE-62: one that hangs, the others go on and its values grow old', async () => {
    const { collect, hung, asked } = setUp(['c1', 'c2']);
    await collect();
    hung.add('c1');
    const ages: (number | undefined)[] = [];
    for (let tick = 0; tick < 4; tick += 1)
      ages.push(
        (await collect()).find((sample) => sample.source === 'container' && sample.containerId === 'c1')
          ?.staleMs,
      );
    expect(ages).toEqual([undefined, undefined, 3000, 4000]);
    expect(asked.filter((id) => id === 'c1')).toHaveLength(2);
    expect(asked.filter((id) => id === 'c2')).toHaveLength(5);
  });

  it('SE-64: no answer any more, the old values are sent for five minutes', async () => {
    const { collect, hung } = setUp(['c1']);
    await collect();
    hung.add('c1');
    const sent: number[] = [];
    for (let tick = 0; tick < 310; tick += 1) sent.push((await collect()).length);
    expect(sent.lastIndexOf(2)).toBe(299);
    expect(sent.at(-1)).toBe(0);
  });

  it('SE-62: a container that stopped, no old values', async () => {
    const { collect, stopAll } = setUp(['c1']);
    await collect();
    stopAll();
    expect(await collect()).toEqual([]);
  });
});
