/** Limits towards clients and from clients, over real sockets. */
import { type BusMessage, CHANNELS, LIMITS } from '@pulsewire/shared-schema';
import { afterEach, expect, it } from 'vitest';
import { openSocket, type TestSocket } from '../support/websocket.js';
import { poll } from '../support/within.js';
import { describeGateway, type RunningOnMemoryBus, runOnMemoryBus } from './support/gateway.js';
import { clientFrame, openRaw } from './support/raw.js';

const TIME = '2026-01-17T04:30:00Z';

let running: RunningOnMemoryBus;

afterEach(() => running.stop());

function sample(metricType: string, value: number): BusMessage {
  const meta = { unit: 'percent', host: 'web-1' };
  return {
    type: 'system_metric',
    data: { time: TIME, metric_type: metricType, value, source: 'host', meta },
  };
}

function alert(value: number): BusMessage {
  return {
    type: 'alert',
    data: {
      ...{ alert_id: 'a', rule: 'cpu>90', state: 'firing', severity: 'critical', metric_type: 'cpu' },
      ...{ source: 'host', value, threshold: 90, message: 'm', time: TIME, started_at: TIME, host: 'web-1' },
    },
  };
}

async function live(query = ''): Promise<TestSocket> {
  const client = await openSocket(running.url(query));
  await client.next(({ data }) => data['phase'] === 'end');
  const hasAnswered = async () => (await running.metric('unsent_bytes')) === 0 || undefined;
  await poll(hasAnswered, { what: 'its first answer' });
  return client;
}

const ofType = (client: TestSocket, type: string) =>
  client.messages.filter((message) => message.type === type);

describeGateway('throttling', () => {
  it('GW-61: 2,000 samples at once, the limit at once and then the newest of each series', async () => {
    running = await runOnMemoryBus();
    const client = await live();
    for (let value = 1; value <= 1000; value += 1)
      for (const type of ['cpu', 'mem']) running.bus.publish(CHANNELS.metrics, sample(type, value));
    for (const type of ['cpu', 'mem'])
      await client.first(({ data }) => data['metric_type'] === type && data['value'] === 1000);
    expect(ofType(client, 'system_metric').length).toBe(LIMITS.messagesPerSecond + 2);
  });

  it('GW-62: alerts in a flood of samples, all of them arrive before the samples that wait', async () => {
    running = await runOnMemoryBus();
    const client = await live('rate=1');
    for (let value = 1; value <= 100; value += 1) {
      running.bus.publish(CHANNELS.metrics, sample('cpu', value));
      running.bus.publish(CHANNELS.metrics, alert(value));
    }
    await client.first(({ type, data }) => type === 'alert' && data['value'] === 100);
    expect(ofType(client, 'alert').map(({ data }) => data['value'])).toEqual(
      Array.from({ length: 100 }, (_, index) => index + 1),
    );
    expect(ofType(client, 'system_metric').length).toBe(1);
  });

  it('GW-64: a thinned client is told how many were skipped', async () => {
    running = await runOnMemoryBus();
    const client = await live('rate=10');
    for (let value = 1; value <= 100; value += 1) running.bus.publish(CHANNELS.metrics, sample('cpu', value));
    const { data } = await client.first(({ type }) => type === 'notice');
    expect([data['reason'], data['skipped']]).toEqual(['conflated', 89]);
    expect(await running.metric('messages_conflated_total')).toBe(89);
  });

  it('GW-33: a client with a low rate, another one is not thinned', async () => {
    running = await runOnMemoryBus();
    const [slow, full] = await Promise.all([live('rate=2'), live()]);
    for (let value = 1; value <= 50; value += 1) running.bus.publish(CHANNELS.metrics, sample('cpu', value));
    for (const client of [full, slow]) await client.first(({ data }) => data['value'] === 50);
    expect(ofType(slow, 'system_metric').map(({ data }) => data['value'])).toEqual([1, 2, 50]);
    expect(ofType(full, 'system_metric').length).toBe(50);
  });
});

describeGateway('a client that misbehaves', () => {
  it.each([
    ['invalid JSON', '{'],
    ['an unknown type', '{"type":"shout","data":{}}'],
    ['more than 4 KiB', JSON.stringify({ type: 'ping', data: { t: 1, x: 'y'.repeat(5000) } })],
  ])('GW-72: %s, error 400 and still connected', async (_name, text) => {
    running = await runOnMemoryBus();
    const client = await live();
    client.socket.send(text);
    const { data } = await client.next(({ type }) => type === 'error');
    client.send({ type: 'ping', data: { t: 1 } });
    await client.next(({ type }) => type === 'pong');
    expect(data['code']).toBe(400);
  });

  it('GW-72: a wrong field, error 400 that names it', async () => {
    running = await runOnMemoryBus();
    const client = await live();
    client.send({ type: 'subscribe', data: { topics: 'nonsense' } });
    expect((await client.next(({ type }) => type === 'error')).data['field']).toBe('data.topics');
  });

  it('GW-72: a binary frame, error 400', async () => {
    running = await runOnMemoryBus();
    const client = await live();
    client.socket.send(Buffer.from('{"type":"ping","data":{"t":1}}'));
    expect((await client.next(({ type }) => type === 'error')).data['code']).toBe(400);
  });

  it('GW-73: ten bad messages, ten errors and 1008', async () => {
    running = await runOnMemoryBus();
    const client = await live();
    for (let index = 0; index < 10; index += 1) client.socket.send('{');
    expect((await client.closed).code).toBe(1008);
    expect(ofType(client, 'error').length).toBe(10);
    expect(await running.metric('client_errors_total')).toBe(10);
  });

  it('GW-74: 21 messages at once, 1008', async () => {
    running = await runOnMemoryBus();
    const client = await live();
    for (let t = 0; t < 21; t += 1) client.send({ type: 'ping', data: { t } });
    expect((await client.closed).code).toBe(1008);
    expect(ofType(client, 'pong').length).toBe(20);
  });

  it('GW-75: a message above 64 KiB, 1009', async () => {
    running = await runOnMemoryBus();
    const client = await live();
    client.socket.send('x'.repeat(70_000));
    expect((await client.closed).code).toBe(1009);
  });

  it('GW-76: a fragmented ping, answered as one message', async () => {
    running = await runOnMemoryBus();
    const socket = await openRaw(running.port);
    const text = Buffer.from('{"type":"ping","data":{"t":5}}');
    const pong = new Promise<string>((resolve) => {
      socket.on('data', (bytes) => {
        if (bytes.includes('"pong"')) resolve(bytes.toString('latin1'));
      });
    });
    for (const [index, byte] of [...text].entries())
      socket.write(
        clientFrame(Buffer.from([byte]), { opcode: index === 0 ? 1 : 0, final: index === text.length - 1 }),
      );
    expect(await pong).toContain('"t":5');
    socket.destroy();
  });

  it.each([
    // As many as make a message of what uWebSockets.js, which does not look at the mask bit, takes them for.
    ['unmasked frames', Buffer.concat(new Array(99).fill(clientFrame(Buffer.from('x'), { masked: false })))],
    ['a reserved bit', clientFrame(Buffer.from('x'), { reserved: 4 })],
    ['an unknown opcode', clientFrame(Buffer.from('x'), { opcode: 11 })],
    ['invalid UTF-8', clientFrame(Buffer.from([0xff, 0xfe]))],
    ['a fragmented ping frame', clientFrame(Buffer.from('x'), { opcode: 9, final: false })],
    ['a continuation of nothing', clientFrame(Buffer.from('x'), { opcode: 0 })],
  ])('GW-76: %s, cut off while another client stays', async (_name, frame) => {
    running = await runOnMemoryBus();
    const other = await live();
    const socket = await openRaw(running.port);
    const ended = new Promise((resolve) => socket.once('close', resolve));
    socket.write(frame);
    socket.resume();
    await ended;
    running.bus.publish(CHANNELS.metrics, sample('cpu', 1));
    expect((await other.next(({ type }) => type === 'system_metric')).data['value']).toBe(1);
  });
});
