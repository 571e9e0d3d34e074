/** Twice 10,000 hostile handshakes against the gateway as a process, while good clients listen. */
import { readdirSync } from 'node:fs';
import { createRedisBus, silentLogger, systemClock } from '@pulsewire/runtime';
import { afterEach, expect, it } from 'vitest';
import { readProcessUsage } from '../../bench/harness.js';
import { createRandom, type Random } from '../gateway/support/fuzz.js';
import { describeWith } from '../support/describe-with.js';
import { useRedis } from '../support/redis.js';
import { openSocket, type TestSocket } from '../support/websocket.js';
import { poll } from '../support/within.js';
import { type GatewayProcess, startGatewayProcess } from './gateway-process.js';
import { ATTACK_NAMES, attack } from './handshakes.js';
import { startChaosLoad } from './load.js';

const KEY = 'handshake-key-0123456789';
const SEED = 20_260_118;
const HANDSHAKES = 10_000;
const AT_ONCE = 100;
const GOOD_CLIENTS = 5;
/** Garbage that the collector has not fetched yet, in a process that has been through as much before. */
const RSS_ALLOWED_BYTES = 24 * 1024 * 1024;

const releases: (() => unknown)[] = [];
afterEach(async () => {
  for (const release of releases.splice(0).reverse()) await release();
});

async function storm(port: number, count: number, random: Random): Promise<void> {
  let begun = 0;
  const worker = async () => {
    for (; begun < count; ) {
      const name = ATTACK_NAMES[begun % ATTACK_NAMES.length] ?? '';
      begun += 1;
      await attack(name, { port, key: KEY }, random);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

async function openGood({ port }: GatewayProcess): Promise<TestSocket> {
  const url = `ws://127.0.0.1:${port}/api/system/ws?topics=alerts`;
  const client = await openSocket(url, { headers: { 'x-api-key': KEY } });
  await client.next(({ data }) => data['phase'] === 'end');
  return client;
}

const handlesOf = (pid: number) => readdirSync(`/proc/${pid}/fd`).length;

describeWith(['redis-server'], 'hostile handshakes', () => {
  it('CH-3: 10,000 of seven kinds, no crash, no handle or memory left, good clients hear all', async () => {
    const redis = await useRedis();
    releases.push(redis.stop);
    const settings = { MAX_CLIENTS: String(AT_ONCE + 2 * GOOD_CLIENTS) };
    const gateway = await startGatewayProcess({ redisUrl: redis.url, key: KEY, engine: 'ws', settings });
    const { pid } = gateway.process;
    releases.push(() => gateway.process.stop('SIGKILL'));
    const bus = createRedisBus({ url: redis.url, name: 'storm', logger: silentLogger });
    releases.push(() => bus.stop());
    const good = await Promise.all(Array.from({ length: GOOD_CLIENTS }, () => openGood(gateway)));
    const random = createRandom(SEED);
    const handles = handlesOf(pid);
    const load = startChaosLoad(bus, systemClock);
    await storm(gateway.port, HANDSHAKES, random);
    const idleRssBytes = readProcessUsage(pid).rssBytes;

    await storm(gateway.port, HANDSHAKES, random);
    load.stop();
    const newcomer = await openGood(gateway);

    // Alerts have the numbers 1, 4, 7 … of the load.
    const alerts = Array.from({ length: Math.ceil(load.count() / 3) }, (_, index) => 3 * index + 1);
    for (const client of good) {
      await client.first(({ data }) => data['value'] === alerts.at(-1));
      const live = client.messages.filter(({ type }) => type === 'alert').map(({ data }) => data['value']);
      expect(live).toEqual(alerts);
    }
    await newcomer.close();
    const isQuiet = () => (handlesOf(pid) <= handles ? true : undefined);
    await poll(isQuiet, { what: 'all sockets of the storm to be closed' });
    expect(readProcessUsage(pid).rssBytes).toBeLessThan(idleRssBytes + RSS_ALLOWED_BYTES);
  });
});
