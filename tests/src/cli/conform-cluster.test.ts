/** The conformance kit as a command, on a Redis Cluster. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { upBus } from '../bus/redis-support.js';
import { KEY, runGateway } from '../gateway/support/gateway.js';
import { builtEntry } from '../support/built-entry.js';
import { freePort } from '../support/free-port.js';
import { startProcess } from '../support/process.js';
import { startRedisCluster, type TestCluster } from '../support/redis-cluster.js';

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await startRedisCluster();
});
afterAll(() => cluster.stop());

/** Rules for which messages are published on the bus. */
const ONLY = 'GW-50,GW-52,GW-61,GW-63';

async function conform(redisUrl: string) {
  const bus = await upBus(cluster.url, 'gateway');
  const gateway = await runGateway({ bus });
  const args = ['conform', gateway.url(), '--key', KEY, '--redis-url', redisUrl, '--only', ONLY];
  const run = await startProcess(process.execPath, [builtEntry('app'), ...args]);
  const { code } = await run.exited;
  await gateway.stop();
  await bus.stop();
  return { code, output: run.output() };
}

it('CL-20: a Cluster behind the gateway, what is published there is examined', async () => {
  const { code, output } = await conform(cluster.url);
  expect([code, output.split('\n').filter((line) => line.startsWith('ok')).length], output).toEqual([0, 4]);
});

it('CL-21: no node of the Cluster answers, nothing is examined and the gateway is not blamed', async () => {
  const { code, output } = await conform(`redis-cluster://:hunter2@127.0.0.1:${await freePort()}`);
  expect([code, output]).toEqual([
    1,
    expect.stringMatching(/^nothing was examined: no Redis [^\n]*--redis-url\n$/),
  ]);
});

it('CL-2: an address of no Cluster, a sentence that tells the fix, and no password', async () => {
  const args = ['conform', 'ws://127.0.0.1:1/', '--key', KEY, '--redis-url', 'redis-cluster://:hunter2@a,,b'];
  const run = await startProcess(process.execPath, [builtEntry('app'), ...args]);
  expect([(await run.exited).code, run.output()]).toEqual([
    2,
    expect.stringMatching(/^pulsewire: --redis-url must be redis:(?!.*hunter2)/),
  ]);
});
