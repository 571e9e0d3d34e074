/** Clients that do not read, or read slowly, beside one that does. */
import { systemClock } from '@pulsewire/runtime';
import { CHANNELS, CLOSE_CODES, STREAM_PATH } from '@pulsewire/shared-schema';
import { afterEach, expect, it } from 'vitest';
import { openSocket } from '../support/websocket.js';
import { pause, poll } from '../support/within.js';
import { describeGateway, type RunningOnMemoryBus, runOnMemoryBus } from './support/gateway.js';
import { openRaw } from './support/raw.js';
import { openSlowReader } from './support/slow-reader.js';

const PAD = 'x'.repeat(32 * 1024);
/** 2.5 MiB a second: in no interval between two looks of the gateway more than the 1 MiB that cuts off. */
const AT_ONCE = 4;
const PAUSE_MS = 50;

let running: RunningOnMemoryBus;

afterEach(() => running.stop());

function publish(type: string, fields: Record<string, unknown>): void {
  const data = { time: '2026-01-17T04:30:00Z', metric_type: 'cpu', source: 'host', ...fields };
  running.bus.publishForeign(CHANNELS.metrics, Buffer.from(JSON.stringify({ type, data })));
}

const SAMPLE = { value: 1, meta: { unit: 'percent', host: 'web-1', pad: PAD } };

const SMALL_SAMPLE = { meta: { unit: 'percent', host: 'web-1' } };

function publishSample(value: number): void {
  publish('system_metric', { ...SAMPLE, value });
}

const ALERT = {
  ...{ alert_id: 'a', rule: 'r', state: 'firing', severity: 'warning', threshold: 0, message: 'm' },
  ...{ started_at: '2026-01-17T04:30:00Z', host: 'web-1' },
};

function publishAlert(value: number): void {
  publish('alert', { ...ALERT, value, pad: PAD });
}

/** Publishes until the fact holds, however much the kernel keeps for a socket. Returns the last value. */
async function publishUntil(holds: () => Promise<boolean>): Promise<number> {
  let value = 0;
  while (!(await holds())) {
    for (let index = 1; index <= AT_ONCE; index += 1) publishSample(value + index);
    value += AT_ONCE;
    await pause(PAUSE_MS);
  }
  return value;
}

describeGateway('a client that does not read', () => {
  it('GW-96, GW-97, GW-101: thinned while the kernel takes everything, then the newest value, a notice and every alert', async () => {
    running = await runOnMemoryBus({ settings: { messagesPerSecond: 1_000_000 } });
    const [good, slow] = [await openSocket(running.url()), await openSocket(running.url())];
    await slow.first(({ data }) => data['phase'] === 'end');
    slow.socket.pause();
    const thinnedAt = await publishUntil(async () => (await running.metric('clients_slow')) === 1);
    publishAlert(1);
    const last = thinnedAt + 20;
    for (let value = thinnedAt + 1; value <= last; value += 1) publishSample(value);
    await good.first(({ data }) => data['value'] === last);
    const unsent = await running.metric('unsent_bytes_largest');
    const held = [await running.metric('held_bytes'), await running.metric('held_bytes_largest')];
    slow.socket.resume();
    await slow.first(({ type }) => type === 'notice');
    await slow.first(({ data }) => data['value'] === last);
    await poll(async () => ((await running.metric('clients_slow')) === 0 ? true : undefined), {
      what: 'as before',
    });
    const counts = [good, slow].map(
      ({ messages }) => messages.filter(({ type }) => type === 'system_metric').length,
    );
    expect(unsent).toBeGreaterThan(256 * 1024);
    expect([(held[0] ?? 0) > 0, held[1]]).toEqual([true, held[0]]);
    expect(slow.messages.filter(({ type }) => type === 'alert').length).toBe(1);
    expect([counts[0], (counts[1] ?? 0) < last]).toEqual([last, true]);
    expect(good.messages.some(({ type }) => type === 'notice')).toBe(false);
  });

  it('GW-91: more than 1 MiB of what is never dropped, 1013 and another client gets all', async () => {
    // With its places taken, the gateway counts who has not begun to close.
    running = await runOnMemoryBus({ settings: { maxClients: 2 } });
    const [good, slow] = [await openSocket(running.url()), await openSocket(running.url())];
    await slow.first(({ data }) => data['phase'] === 'end');
    slow.socket.pause();
    let value = 0;
    while (running.gateway.clientCount === 2) {
      for (let index = 1; index <= 20; index += 1) publishAlert(value + index);
      value += 20;
      await good.first(({ data }) => data['value'] === value);
    }
    slow.socket.resume();
    expect((await slow.closed).code).toBe(CLOSE_CODES.tooSlow);
    expect(good.messages.filter(({ type }) => type === 'alert').length).toBe(value);
  });
});

describeGateway('a client that reads steadily, but less than comes', () => {
  it('GW-97: new, it is not among the slow before it was found to be', async () => {
    running = await runOnMemoryBus();
    const socket = await openRaw(running.port);
    const counts = [await running.metric('unsent_bytes'), await running.metric('clients_slow')];
    expect([(counts[0] ?? 0) > 0, counts[1]]).toEqual([true, 0]);
    socket.destroy();
  });

  it('GW-96: new and very slow, thinned with far less than 256 KiB unsent', async () => {
    running = await runOnMemoryBus();
    const reader = openSlowReader(running.port, STREAM_PATH, 4000);
    await poll(() => reader.messages.length === 3 || undefined, { what: 'hello and the snapshot' });
    while ((await running.metric('clients_slow')) === 0) {
      publishAlert(1);
      await pause(500);
    }
    expect(await running.metric('unsent_bytes_largest')).toBeLessThan(200 * 1024);
    reader.destroy();
  });

  it('GW-103: new, 1 kB/s and 2,000 samples a second, its first alert is not behind more than 10 kB', async () => {
    running = await runOnMemoryBus();
    const reader = openSlowReader(running.port, STREAM_PATH, 1000);
    const stop = systemClock.every(PAUSE_MS, () => {
      for (let index = 0; index < 100; index += 1)
        publish('system_metric', { ...SMALL_SAMPLE, metric_type: `m${index % 20}`, value: index });
    });
    await pause(1000);
    publish('alert', { ...ALERT, value: 1 });
    await poll(() => reader.messages.some(({ type }) => type === 'alert') || undefined, {
      what: 'the alert',
      timeoutMs: 60_000,
    });
    stop();
    expect(reader.closeCode).toBe(null);
    expect(reader.readBytes).toBeLessThan(10_000);
    reader.destroy();
  }, 90_000);

  it('GW-71: many selections with a large snapshot each, it gets the newest and is not cut off', async () => {
    running = await runOnMemoryBus({ settings: { messagesPerSecond: 1_000_000 } });
    for (let index = 0; index < 128; index += 1)
      publish('system_metric', { ...SAMPLE, metric_type: `m${index}` });
    const reader = openSlowReader(running.port, STREAM_PATH, 2_000_000);
    await poll(() => reader.messages.length > 0 || undefined, { what: 'hello' });
    const ends = () => reader.messages.filter(({ data }) => data['phase'] === 'end').length;
    for (let index = 0; index < 10; index += 1) {
      reader.send({ type: 'subscribe', data: { topics: index === 9 ? 'alerts' : 'metrics' } });
      await pause(300);
    }
    reader.hurry();
    await poll(() => (ends() > 1 && reader.messages.at(-2)?.type === 'snapshot') || undefined, {
      what: 'the empty snapshot',
    });
    expect(reader.closeCode).toBe(null);
    reader.destroy();
  });

  it('GW-96, GW-102: newest values, a notice and every alert, and what it reads is not old', async () => {
    running = await runOnMemoryBus({ settings: { messagesPerSecond: 1_000_000 } });
    const reader = openSlowReader(running.port, `${STREAM_PATH}`, 200_000);
    let value = 0;
    let alerts = 0;
    const newest = () =>
      Number(reader.messages.findLast(({ type }) => type === 'system_metric')?.data['value']);
    const heard = (type: string) => reader.messages.filter((message) => message.type === type).length;
    const isDone = () => heard('notice') > 0 && value - newest() < 30;
    while (!isDone() && reader.closeCode === null) {
      for (let index = 1; index <= 2; index += 1) publishSample(value + index);
      value += 2;
      if (value % 200 === 0) {
        alerts += 1;
        publish('alert', { ...ALERT, value });
      }
      await pause(PAUSE_MS);
    }
    reader.hurry();
    await poll(() => heard('alert') === alerts || undefined, { what: 'every alert' });
    expect([reader.closeCode, heard('system_metric') < value / 2]).toEqual([null, true]);
    reader.destroy();
  });
});
