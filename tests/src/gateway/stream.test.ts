/** The feed as a foreign client hears it, over real sockets. */
import { randomUUID } from 'node:crypto';
import { type BusMessage, CHANNELS, STREAM_SUBPROTOCOL } from '@pulsewire/shared-schema';
import { afterEach, expect, it } from 'vitest';
import { openSocket, type TestSocket } from '../support/websocket.js';
import { describeGateway, KEY, type RunningOnMemoryBus, runOnMemoryBus } from './support/gateway.js';
import { SPECIFICATION_SAMPLES } from './support/samples.js';

const TIME = '2026-01-17T04:30:00Z';

let running: RunningOnMemoryBus;

afterEach(() => running.stop());

function cpu(value: number, host = 'web-1'): BusMessage {
  const meta = { unit: 'percent', host };
  return { type: 'system_metric', data: { time: TIME, metric_type: 'cpu', value, source: 'host', meta } };
}

function incident(): BusMessage {
  const data = {
    incident_id: randomUUID(),
    action: 'created' as const,
    title: 't',
    status: 's',
    severity: 'x',
  };
  return { type: 'incident', data: { ...data, services: [], time: TIME } };
}

async function live(query = ''): Promise<TestSocket> {
  const client = await openSocket(running.url(query));
  await client.next(({ type, data }) => type === 'snapshot' && data['phase'] === 'end');
  return client;
}

const isSample = ({ type }: { type: string }) => type === 'system_metric';
const values = (client: TestSocket) => client.messages.filter(isSample).map(({ data }) => data['value']);

describeGateway('the stream', () => {
  it('GW-40: a client that connects hears hello, then a snapshot', async () => {
    running = await runOnMemoryBus();
    const client = await live();
    expect(client.messages.map(({ type, data }) => [type, data['phase']])).toEqual([
      ['hello', undefined],
      ['snapshot', 'begin'],
      ['snapshot', 'end'],
    ]);
  });

  it.each(SPECIFICATION_SAMPLES)(
    'GW-50: a sample of specification 001 arrives byte for byte (%#)',
    async (sample) => {
      running = await runOnMemoryBus();
      const client = await live();
      running.bus.publishForeign(CHANNELS.metrics, Buffer.from(sample));
      await client.next(() => true);
      expect(client.frames.at(-1)).toBe(sample);
    },
  );

  it('GW-50: messages of every frame size arrive byte for byte', async () => {
    running = await runOnMemoryBus();
    const client = await live();
    const sent = [10, 100, 1000, 60_000].map((size) =>
      JSON.stringify({ ...cpu(size), x: '한'.repeat(size / 3) }),
    );
    for (const text of sent) running.bus.publishForeign(CHANNELS.metrics, Buffer.from(text));
    await client.next(({ data }) => data['value'] === 60_000);
    expect(client.frames.slice(3)).toEqual(sent);
  });

  it('GW-20: each way to give the key connects', async () => {
    running = await runOnMemoryBus();
    const base = running.url().split('?')[0] ?? '';
    const protocols = [STREAM_SUBPROTOCOL, `key.${Buffer.from(KEY).toString('base64url')}`];
    const clients = await Promise.all([
      openSocket(running.url()),
      openSocket(base, { headers: { 'x-api-key': KEY } }),
      openSocket(base, { headers: { authorization: `Bearer ${KEY}` } }),
      openSocket(base, { protocols }),
    ]);
    const hellos = await Promise.all(clients.map((client) => client.first(() => true)));
    expect(hellos.map(({ type }) => type)).toEqual(['hello', 'hello', 'hello', 'hello']);
  });

  it('GW-23: the key in a subprotocol, answered with pulsewire.v1', async () => {
    running = await runOnMemoryBus();
    const base = running.url().split('?')[0] ?? '';
    const protocols = [STREAM_SUBPROTOCOL, `key.${Buffer.from(KEY).toString('base64url')}`];
    expect((await openSocket(base, { protocols })).socket.protocol).toBe(STREAM_SUBPROTOCOL);
  });

  it('GW-30: a narrowed client hears only what it asked for', async () => {
    running = await runOnMemoryBus();
    const client = await live('topics=metrics&host=web-2');
    running.bus.publish(CHANNELS.metrics, cpu(1));
    running.bus.publish(CHANNELS.events, incident());
    running.bus.publish(CHANNELS.metrics, cpu(2, 'web-2'));
    await client.next(isSample);
    expect(client.messages.slice(3).map(({ data }) => data['value'])).toEqual([2]);
  });

  it('GW-41: a late client gets the newest of every series', async () => {
    running = await runOnMemoryBus();
    for (const value of [1, 2, 3]) running.bus.publish(CHANNELS.metrics, cpu(value));
    expect(values(await live())).toEqual([3]);
  });

  it('GW-71: subscribe replaces the selection and is answered with its snapshot', async () => {
    running = await runOnMemoryBus();
    running.bus.publish(CHANNELS.metrics, cpu(1));
    const client = await live('topics=events');
    client.send({ type: 'subscribe', data: { topics: ['metrics'] } });
    await client.next(({ data }) => data['phase'] === 'end');
    running.bus.publish(CHANNELS.events, incident());
    running.bus.publish(CHANNELS.metrics, cpu(2));
    await client.next(({ data }) => data['value'] === 2);
    expect(client.messages.slice(3).map(({ type }) => type)).toEqual([
      'snapshot',
      'system_metric',
      'snapshot',
      'system_metric',
    ]);
  });

  it('GW-45: resumed over 3,000 missed messages, each once and in order', async () => {
    running = await runOnMemoryBus({ settings: { messagesPerSecond: 100_000 } });
    const first = await live();
    running.bus.publish(CHANNELS.metrics, cpu(0));
    const { id } = await first.next(isSample);
    await first.close();
    for (let value = 1; value <= 3000; value += 1) running.bus.publish(CHANNELS.metrics, cpu(value));
    const second = await openSocket(running.url(`after=${id}`));
    for (let value = 3001; value <= 3100; value += 1) running.bus.publish(CHANNELS.metrics, cpu(value));
    await second.first(({ data }) => data['value'] === 3100);
    expect(values(second)).toEqual(Array.from({ length: 3100 }, (_, index) => index + 1));
    expect(second.messages[0]?.data['resumed']).toBe('complete');
  });

  it('GW-47: resumed after an id that no log knows, partial with the snapshot', async () => {
    running = await runOnMemoryBus();
    running.bus.publish(CHANNELS.metrics, cpu(7));
    const client = await live('after=5-0');
    expect([client.messages[0]?.data['resumed'], values(client)]).toEqual(['partial', [7]]);
  });

  it('GW-70: a ping is answered', async () => {
    running = await runOnMemoryBus();
    const client = await live();
    client.send({ type: 'ping', data: { t: 42 } });
    expect((await client.next(({ type }) => type === 'pong')).data['t']).toBe(42);
  });
});
