/** The recorder on a memory bus and a real PostgreSQL. Rules: recorder/SPEC.md. */
import { randomBytes } from 'node:crypto';
import { CHANNELS } from '@pulsewire/shared-schema';
import { queryContainers, queryDeadLetters, queryLogs } from '@pulsewire/store';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { databaseIs } from '../store/store-support.js';
import { describeWith } from '../support/describe-with.js';
import { poll } from '../support/within.js';
import { createRig, metricOf, type RecorderRig, type Recording, range } from './recorder-rig.js';

const CHANNEL = CHANNELS.metrics;

describeWith('postgresql-server', 'recording', () => {
  let rig: RecorderRig;
  let recording: Recording;

  beforeAll(async () => {
    rig = await createRig();
    recording = await rig.start();
  });
  afterAll(() => rig?.stop());

  function publish(host: string, values: readonly number[]): void {
    const nowMs = Date.now();
    for (const value of values)
      rig.bus.publish(CHANNEL, metricOf(host, value, new Date(nowMs + value).toISOString()));
  }

  it('RC-1, RC-2: samples, a container and a line, each where it belongs', async () => {
    publish('plain', range(0, 100));
    const time = new Date().toISOString();
    rig.bus.publish(CHANNEL, {
      type: 'container_status',
      data: { container: 'api', status: 'running', time, host: 'plain' },
    });
    const line = {
      service: 'api',
      level: 'info',
      message: 'hello',
      timestamp: time,
      host: 'plain',
      stream: 'stdout',
      seq: 1,
    } as const;
    rig.bus.publish(CHANNELS.logs, { type: 'log', data: line });
    await rig.recorded('plain', 101);
    expect(await queryContainers(rig.database, { host: 'plain' })).toMatchObject([
      { name: 'api', status: 'running' },
    ]);
    const lines = await poll(
      async () => {
        const found = await queryLogs(rig.database, { service: 'api', limit: 5 });
        return found.length > 0 ? found : undefined;
      },
      { what: 'the line' },
    );
    expect(lines).toMatchObject([{ message: 'hello', seq: 1 }]);
  });

  it('RC-3, RC-4: poison between good messages, put aside with its reason', async () => {
    publish('poison', [1]);
    rig.bus.publish(CHANNEL, metricOf('poi\0son', 2));
    const odd = metricOf('poison', 3);
    rig.bus.publish(CHANNEL, {
      ...odd,
      data: { ...odd.data, meta: { ...odd.data.meta, mount: randomBytes(2048).toString('hex') } },
    });
    publish('poison', [4]);
    await rig.recorded('poison', 2);
    expect(await rig.values('poison')).toEqual([1, 4]);
    const letters = await queryDeadLetters(rig.database, 2);
    expect(letters.map(({ reason }) => reason).sort()).toEqual(['row_refused', 'unstorable_text']);
    expect(letters.every(({ id }) => id !== null)).toBe(true);
  });

  it('RC-3: nested deeply and large beyond sums, put aside, and what comes after them recorded', async () => {
    const deep = '['.repeat(200_000) + ']'.repeat(200_000);
    const text = JSON.stringify(metricOf('deep', 1)).replace('"host":', `"x":${deep},"host":`);
    rig.bus.publishForeign(CHANNEL, Buffer.from(text));
    rig.bus.publish(CHANNEL, metricOf('deep', 1.7e308));
    publish('deep', [2]);
    await rig.recorded('deep', 1);
    const reasons = (await queryDeadLetters(rig.database, 2)).map(({ reason }) => reason);
    expect(reasons.sort()).toEqual(['nested_too_deeply', 'number_out_of_range']);
    expect(await rig.values('deep')).toEqual([2]);
  });

  it('RC-7: told again after a restart of the recorder, once', async () => {
    publish('told', [1]);
    await rig.recorded('told', 1);
    const [row] = await rig.database.query(
      `select to_char(time at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as time
       from system_metrics where meta->>'host' = 'told'`,
    );
    await recording.stop();
    recording = await rig.start();
    publish('back', [1]);
    await rig.recorded('back', 1);
    const again = { ...metricOf('told', 1, String(row?.['time'])), redelivered: true };
    rig.bus.publishForeign(CHANNEL, Buffer.from(JSON.stringify(again)));
    publish('told', [2]);
    await rig.recorded('told', 2);
    expect(await rig.values('told')).toEqual([1, 2]);
  });

  it('RC-5: foreign messages among ours, each once', async () => {
    const foreign = (value: number) =>
      rig.bus.publishForeign(CHANNEL, Buffer.from(JSON.stringify(metricOf('foreign', value))));
    foreign(1);
    publish('foreign', [2]);
    foreign(3);
    await rig.recorded('foreign', 3);
    expect((await rig.values('foreign')).sort()).toEqual([1, 2, 3]);
  });

  it('RC-10, RC-16: stopped and started again, what came meanwhile and nothing twice', async () => {
    publish('again', range(0, 50));
    await recording.stop();
    publish('again', range(50, 80));
    recording = await rig.start();
    publish('again', range(80, 100));
    await rig.recorded('again', 100);
    expect(await rig.values('again')).toEqual(range(0, 100));
  });

  it('RC-14: a second recorder, standing by until the first one ends', async () => {
    const second = await rig.start();
    const role = () => second.health.report().facts['role'];
    await poll(() => (role() === 'standby' ? true : undefined), { what: 'standing by' });
    publish('two', range(0, 10));
    await rig.recorded('two', 10);
    await recording.stop();
    await poll(() => (role() === 'recording' ? true : undefined), { what: 'taking over' });
    publish('two', range(10, 20));
    await rig.recorded('two', 20);
    expect(await rig.values('two')).toEqual(range(0, 20));
    recording = second;
  });

  it('RC-12, RC-13: the database down while more comes than fits, all of it afterwards', async () => {
    publish('outage', range(0, 10));
    await rig.recorded('outage', 10);
    const down = databaseIs(rig.database, 'down');
    await rig.postgres.kill();
    await down;
    publish('outage', range(10, 45_000));
    await rig.postgres.restart();
    await rig.recorded('outage', 45_000);
    expect(await rig.values('outage')).toEqual(range(0, 45_000));
  });

  it('RC-20: a log with a past, how much is left of it', async () => {
    const reach = await poll(
      () => {
        const value = recording.health.report().facts['reach_left_s'];
        return typeof value === 'number' ? value : undefined;
      },
      { what: 'the reach' },
    );
    expect(reach).toBeGreaterThanOrEqual(0);
    expect(await recording.metric('reach_left_seconds')).toBeGreaterThanOrEqual(0);
  });

  it('RC-22: stopped right after a message, written', async () => {
    publish('last', [1, 2, 3]);
    await recording.stop();
    expect(await rig.values('last')).toEqual([1, 2, 3]);
  });
});
