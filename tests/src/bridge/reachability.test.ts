/** PostgreSQL frozen, killed, far away, not there yet, or not ours. Rules: status-bridge/SPEC.md. */
import { createManualClock, type ManualClock } from '@pulsewire/runtime';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeWith } from '../support/describe-with.js';
import { poll } from '../support/within.js';
import { asAdmin, type BridgeRig, createRig, type RunningBridge, runBridge } from './bridge-rig.js';
import { pass, passUntil } from './pace.js';
import { type SlowProxy, startSlowProxy } from './slow-proxy.js';

const UNREACHABLE = {
  error: 'A1_HOST_UNREACHABLE',
  message: 'A1 HOST UNREACHABLE',
  last_updated: expect.stringMatching(/Z$/),
};

describeWith('postgresql-server', 'the status bridge and its host', () => {
  let rig: BridgeRig;
  let clock: ManualClock;
  let bridge: RunningBridge | undefined;
  let proxy: SlowProxy | undefined;
  beforeEach(async () => {
    rig = await createRig();
    await rig.records.figures('a1', { cpu: 45.2, mem: 62.1, disk: 12.5 });
    clock = createManualClock(Date.now());
  });
  afterEach(async () => {
    await bridge?.stop();
    await proxy?.stop();
    bridge = undefined;
    proxy = undefined;
    await rig.stop();
  });

  async function statusIs(running: RunningBridge, status: number) {
    for (;;) {
      const answer = await passUntil(clock, running.get());
      if (answer.status === status) return answer;
    }
  }

  it('SB-10, SB-11: frozen for 10 s, 503 and one event; thawed, back by itself', async () => {
    bridge = await rig.start({ clock });
    const client = bridge.client();
    await passUntil(clock, client.first('metrics:update'));
    await rig.postgres.freeze();
    try {
      await pass(clock, 11.5);
      expect(await bridge.get()).toMatchObject({ status: 503, body: UNREACHABLE });
      expect(await client.first('host:unreachable')).toEqual([UNREACHABLE]);
    } finally {
      await rig.postgres.thaw();
    }
    await statusIs(bridge, 200);
    expect(await client.first('host:recovered')).toEqual([
      { time: expect.stringMatching(/Z$/), outage_ms: expect.any(Number) },
    ]);
    expect(client.all('host:unreachable')).toHaveLength(1);
  });

  it('SB-12: frozen for less, the request waits and is answered', async () => {
    bridge = await rig.start({ clock });
    await passUntil(clock, bridge.get());
    await rig.postgres.freeze();
    await pass(clock, 5);
    let isAnswered = false;
    const waiting = bridge.get().finally(() => {
      isAnswered = true;
    });
    // One that is answered at once comes after it, so it has arrived by then.
    await bridge.get({ path: '/healthz' });
    expect(isAnswered).toBe(false);
    await rig.postgres.thaw();
    expect(await passUntil(clock, waiting)).toMatchObject({ status: 200 });
  });

  it('SB-34: unreachable, who connects is told at once', async () => {
    bridge = await rig.start({ clock });
    await passUntil(clock, bridge.get());
    await rig.postgres.kill();
    await pass(clock, 12);
    const client = bridge.client();
    expect(await client.first('host:unreachable')).toEqual([UNREACHABLE]);
    expect(client.all('metrics:update')).toEqual([]);
  });

  it('SB-14, SB-26: no database at the start, 503 after 10 s and ready all the same; it appears, 200', async () => {
    await rig.postgres.kill();
    bridge = await rig.start({ clock });
    await pass(clock, 10.5);
    expect(await bridge.get()).toMatchObject({
      status: 503,
      body: { ...UNREACHABLE, last_updated: null },
    });
    const { status, body } = await bridge.get({ path: '/readyz' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      dependencies: { database: { status: 'down' } },
      facts: { host: 'unreachable' },
    });
    await rig.postgres.restart();
    expect(await statusIs(bridge, 200)).toMatchObject({ body: { infrastructure: { cpu: 45.2 } } });
  });

  it('SB-5, SB-14: a hundred milliseconds away in each direction, answered with what was recorded just now', async () => {
    proxy = await startSlowProxy(rig.postgres.port, 100);
    bridge = await runBridge({
      databaseUrl: rig.readerUrl.replace(`:${rig.postgres.port}/`, `:${proxy.port}/`),
    });
    expect(await bridge.get()).toMatchObject({ status: 200, body: { infrastructure: { cpu: 45.2 } } });
    const client = bridge.client();
    await client.first('metrics:update');
    await rig.records.figures('a1', { cpu: 88, mem: 62.1, disk: 12.5 });
    const found = async () => {
      const infrastructure = (await bridge?.get())?.body['infrastructure'] as { cpu: number } | undefined;
      return infrastructure?.cpu === 88 ? true : undefined;
    };
    await poll(found, { what: 'the new value', timeoutMs: 3000 });
  });

  it('SB-13: a database without history, not_ready at once', async () => {
    await asAdmin(rig.postgres.url, 'create database fresh');
    const databaseUrl = rig.readerUrl.replace(/\/postgres$/, '/fresh');
    bridge = await runBridge({ databaseUrl, clock });
    const { status, body } = await bridge.get();
    expect([status, body]).toEqual([
      503,
      { error: 'not_ready', message: expect.stringContaining('recorder') },
    ]);
  });

  it('SB-39: a database without history, every client is told instead of getting updates', async () => {
    await asAdmin(rig.postgres.url, 'create database bare');
    bridge = await runBridge({ databaseUrl: rig.readerUrl.replace(/\/postgres$/, '/bare') });
    const client = bridge.client();
    expect(await client.first('status:unavailable', 2)).toEqual(
      Array(2).fill({ error: 'not_ready', message: expect.stringContaining('recorder') }),
    );
    expect(client.all('metrics:update')).toEqual([]);
  });

  it('SB-13: a wrong password, not_ready with the reason and no A1 HOST UNREACHABLE', async () => {
    const databaseUrl = rig.readerUrl.replace('read-me', 'wrong');
    bridge = await runBridge({ databaseUrl, clock });
    for (let asked = 1; asked <= 20; asked += 1) {
      await poll(async () => ((await bridge?.metric('questions_total')) ?? 0) >= asked || undefined, {
        what: `question ${asked}`,
      });
      await pass(clock, 0.7);
    }
    expect(await bridge.get()).toMatchObject({
      status: 503,
      body: { error: 'not_ready', message: expect.stringContaining('password') },
    });
  });
});
