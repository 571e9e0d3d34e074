/** What clients hear of an outage: on the memory bus, and on a real Redis that is killed or frozen. */
import { createRedisBus, type Logger, silentLogger } from '@pulsewire/runtime';
import { type BusMessage, CHANNELS } from '@pulsewire/shared-schema';
import { afterEach, expect, it } from 'vitest';
import { describeWith } from '../support/describe-with.js';
import { startRedis, type TestRedis } from '../support/redis.js';
import { openSocket } from '../support/websocket.js';
import { describeGateway, type RunningGateway, runGateway, runOnMemoryBus } from './support/gateway.js';
import { SPECIFICATION_SAMPLES } from './support/samples.js';

const TIME = '2026-01-17T04:30:00Z';
const is503 = ({ type, data }: { type: string; data: Record<string, unknown> }) =>
  type === 'error' && data['code'] === 503;

let running: RunningGateway;

afterEach(() => running.stop());

function cpu(value: number): BusMessage {
  const meta = { unit: 'percent', host: 'web-1' };
  return { type: 'system_metric', data: { time: TIME, metric_type: 'cpu', value, source: 'host', meta } };
}

function linesInto(lines: string[]): Logger {
  const note = (_fields: object, line: string) => lines.push(line);
  const logger: Logger = { ...silentLogger, info: note, warn: note, error: note, child: () => logger };
  return logger;
}

describeGateway('an outage of the bus', () => {
  it('GW-80: every client hears 503 with its cause, then 200', async () => {
    const memory = await runOnMemoryBus();
    running = memory;
    const clients = await Promise.all([1, 2, 3].map(() => openSocket(memory.url())));
    await Promise.all(clients.map((client) => client.next(({ data }) => data['phase'] === 'end')));
    memory.bus.interrupt('test');
    for (const client of clients)
      expect((await client.next(is503)).data).toMatchObject({
        message: 'Service Unavailable',
        cause: 'redis_unavailable',
        last_message_at: null,
        retry_after_ms: 10_000,
      });
    memory.bus.restore();
    const statuses = await Promise.all(clients.map((client) => client.next(({ type }) => type === 'status')));
    expect(statuses.map(({ data }) => data['code'])).toEqual([200, 200, 200]);
  });

  it('GW-81: who connects meanwhile hears it right after hello', async () => {
    const memory = await runOnMemoryBus();
    running = memory;
    memory.bus.interrupt('test');
    const client = await openSocket(memory.url('after=1-0'));
    await client.next(({ data }) => data['phase'] === 'end');
    expect(client.messages.map(({ type }) => type)).toEqual(['hello', 'error', 'snapshot', 'snapshot']);
    expect(client.messages[0]?.data).toMatchObject({ state: 'degraded', resumed: 'none' });
  });

  it('GW-52, GW-83: 10,000 refused messages and an outage, one line in all', async () => {
    const lines: string[] = [];
    const memory = await runOnMemoryBus({ logger: linesInto(lines) });
    running = memory;
    for (let index = 0; index < 10_000; index += 1)
      memory.bus.publishForeign(CHANNELS.metrics, Buffer.from('{'));
    memory.bus.interrupt('test');
    memory.bus.restore();
    expect(lines).toEqual(['messages from the bus did not validate']);
  });
});

describeWith('redis-server', 'a gateway on Redis', () => {
  let redis: TestRedis;

  async function runOnRedis() {
    redis = await startRedis();
    const bus = createRedisBus({ url: redis.url, name: 'test', logger: silentLogger });
    const started = await runGateway({ bus });
    running = {
      ...started,
      async stop() {
        await started.stop();
        await bus.stop();
        await redis.stop();
      },
    };
    const client = await openSocket(started.url());
    await client.first(({ type, data }) => type === 'status' || data['state'] === 'live');
    return { bus, client };
  }

  it.each(SPECIFICATION_SAMPLES)(
    'GW-50: published by a foreign producer, byte for byte (%#)',
    async (sample) => {
      const { client } = await runOnRedis();
      const { Redis } = await import('ioredis');
      const producer = new Redis(redis.url);
      while ((await producer.publish(CHANNELS.metrics, sample)) === 0) await producer.ping();
      await client.first(({ type }) => type === 'system_metric' || type === 'container_status');
      producer.disconnect();
      expect(client.frames).toContain(sample);
    },
  );

  it.each([
    ['killed', () => redis.kill(), () => redis.restart()],
    ['frozen', async () => redis.freeze(), async () => redis.thaw()],
  ] as const)('GW-80: Redis is %s, 503; and 200 when it is back', async (_how, breakIt, mendIt) => {
    const { bus, client } = await runOnRedis();
    await breakIt();
    await client.next(is503, 3000);
    bus.publish(CHANNELS.metrics, cpu(1));
    await mendIt();
    await client.next(({ type }) => type === 'status', 10_000);
    expect((await client.next(({ type }) => type === 'system_metric')).data['value']).toBe(1);
  });
});
