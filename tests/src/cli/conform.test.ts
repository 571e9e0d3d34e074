/** The conformance kit against our gateway, and against gateways that are wrong in one respect each. */
import { readFileSync } from 'node:fs';
import { createServer as createSite } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { type MemoryBus, systemClock } from '@pulsewire/runtime';
import { type BusMessage, CHANNELS, STREAM_PATH } from '@pulsewire/shared-schema';
import { RULES, runConform } from 'pulsewire/conform';
import { afterAll, describe, expect, it } from 'vitest';
import { startNginx } from '../deploy/nginx.js';
import { KEY, runOnMemoryBus, WRONG_KEY } from '../gateway/support/gateway.js';
import { builtEntry, REPOSITORY_ROOT } from '../support/built-entry.js';
import { describeWith } from '../support/describe-with.js';
import { freePort } from '../support/free-port.js';
import { startProcess } from '../support/process.js';
import { type Deviation, startWrongGateway } from './wrong-gateway.js';

type Fields = Record<string, unknown>;

/** Changes messages of one type, and leaves the bytes of all others. */
const edit = (type: string, change: (message: { type: string; data: Fields }) => void) => (text: string) => {
  if (!text.startsWith(`{"type":"${type}"`)) return [text];
  const message = JSON.parse(text) as { type: string; data: Fields };
  change(message);
  return [JSON.stringify(message)];
};
const NOTICE = '{"type":"notice","data":{"reason":"conflated","skipped":0,"window_ms":0}}';

const WRONG: [string, Deviation, string[]][] = [
  [
    'lets everybody in',
    { request: (_url, headers) => Object.assign(headers, { 'x-api-key': KEY }) },
    ['GW-2', 'GW-3', 'GW-4', 'GW-21'],
  ],
  [
    'does not look at origins',
    { request: (_url, headers) => delete headers['origin'] },
    ['GW-2', 'GW-3', 'GW-5'],
  ],
  ['ignores metric_type', { request: (url) => url.searchParams.delete('metric_type') }, ['GW-32']],
  ['does not resume', { request: (url) => url.searchParams.delete('after') }, ['GW-45', 'GW-46', 'GW-47']],
  [
    'says something before its snapshot',
    { frame: (text) => (text.startsWith('{"type":"hello"') ? [text, NOTICE] : [text]) },
    ['GW-40'],
  ],
  [
    'sends samples twice',
    { frame: (text) => (text.includes('"system_metric"') ? [text, text] : [text]) },
    ['GW-41', 'GW-45', 'GW-60', 'GW-63', 'GW-64'],
  ],
  ['writes messages anew', { frame: (text) => [JSON.stringify(JSON.parse(text))] }, ['GW-50']],
  ['forgets what was pinged', { frame: edit('pong', ({ data }) => delete data['t']) }, ['GW-70']],
  ['does not name the field', { frame: edit('error', ({ data }) => delete data['field']) }, ['GW-72']],
  ['closes for no rule', { close: (code) => (code === 1008 ? null : code) }, ['GW-73', 'GW-74']],
  ['closes with another code', { close: (code) => (code === 1009 ? 1000 : code) }, ['GW-75']],
  ['tells of no thinning', { frame: (text) => (text.includes('"notice"') ? [] : [text]) }, ['GW-64']],
];

let mute: Server | undefined;

afterAll(() => mute?.close());

/** As a frozen Redis does. */
async function openMute(): Promise<number> {
  const server = createServer((socket) => socket.on('error', () => undefined));
  mute = server;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** Everything of its own for each examination: they wait more than they work, so they run beside each other. */
async function examine(
  options: { deviation?: Deviation; nginx?: boolean; key?: string; only?: string[]; deaf?: boolean } = {},
) {
  const gateway = await runOnMemoryBus();
  const deaf = options.deaf === true;
  const stopTraffic = deaf ? () => {} : startTraffic(gateway.bus);
  const wrong = options.deviation && (await startWrongGateway(gateway.port, options.deviation));
  const nginx = options.nginx === true ? await startNginx(gateway.port) : undefined;
  const lines: string[] = [];
  const code = await runConform({
    feedUrl: wrong?.feedUrl ?? `ws://127.0.0.1:${nginx?.port ?? gateway.port}${STREAM_PATH}`,
    key: options.key ?? KEY,
    long: options.only !== undefined,
    only: options.only ?? null,
    publish: async (channel, payload) =>
      deaf ? undefined : gateway.bus.publishForeign(channel, Buffer.from(payload)),
    line: (text) => lines.push(text),
  });
  stopTraffic();
  await wrong?.stop();
  await nginx?.stop();
  await gateway.stop();
  const broken = lines.flatMap((line) => /^not ok (\S+)/.exec(line)?.[1] ?? []);
  return { code, lines, broken: [...new Set(broken)] };
}

describe('conform', () => {
  it.concurrent('CL-20: number of a rule, is one of the SPEC.md of the gateway', async () => {
    const spec = readFileSync(join(REPOSITORY_ROOT, 'ws-gateway', 'SPEC.md'), 'utf8');
    const unknown = RULES.filter(({ id }) => !spec.includes(`- ${id} `));
    expect(unknown.map(({ id }) => id)).toEqual([]);
  });

  it.concurrent('CL-22: our gateway, no rule is broken and only what takes minutes is left out', async () => {
    const { code, lines } = await examine();
    expect(lines.filter((line) => !line.startsWith('ok '))).toEqual([
      expect.stringMatching(/^skip GW-90 .*--long/),
      expect.stringMatching(/^skip GW-11 .*--long/),
      expect.stringMatching(/^\d+ ok, 0 not ok, 2 skipped$/),
    ]);
    expect(code).toBe(0);
  });

  it.concurrent('CL-22: our gateway and ten wrong keys, the rule holds', async () => {
    const { lines } = await examine({ only: ['GW-11'] });
    expect(lines.at(-1)).toBe('1 ok, 0 not ok, 0 skipped');
  });

  it.concurrent.each(WRONG)(
    'CL-23: a gateway that %s, breaks just these rules',
    async (_what, deviation, rules) => {
      const { code, broken, lines } = await examine({ deviation });
      expect(broken.sort(), lines.join('\n')).toEqual(rules.sort());
      expect(code).toBe(1);
    },
  );

  it.concurrent('CL-21: rule that does not exist, nothing is examined and the reason is told', async () => {
    const { code, lines } = await examine({ only: ['GW-40', 'GW-4000'] });
    expect([code, lines]).toEqual([1, ['nothing was examined: there is no rule GW-4000 to examine']]);
  });

  it.concurrent('CL-21: key that is not accepted, nothing is examined and the reason is told', async () => {
    const { code, lines } = await examine({ key: WRONG_KEY });
    expect([code, lines]).toEqual([1, ['nothing was examined: the key is not accepted']]);
  });

  it.concurrent('CL-21: server that is no gateway, nothing is examined and its answer is told', async () => {
    const site = createSite((_request, response) => response.writeHead(404).end('<p>nothing here'));
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    const feedUrl = `ws://127.0.0.1:${(site.address() as AddressInfo).port}${STREAM_PATH}`;
    const lines: string[] = [];
    const line = (text: string) => lines.push(text);
    const code = await runConform({ feedUrl, key: KEY, long: false, only: null, publish: null, line });
    site.close();
    expect([code, lines]).toEqual([
      1,
      ['nothing was examined: no connection can be opened at this address (404 (no error code))'],
    ]);
  });

  it.concurrent('CL-25: gateway that has and hears nothing, what needs messages is broken or skipped', async () => {
    const only = ['GW-41', 'GW-42', 'GW-50', 'GW-52', 'GW-60', 'GW-61', 'GW-63'];
    const { lines } = await examine({ deaf: true, only });
    expect(lines.filter((line) => line.startsWith('ok'))).toEqual([]);
    expect(lines.at(-1)).toBe('0 ok, 2 not ok, 5 skipped');
  });

  it.concurrent.each([
    ['is not there', freePort],
    ['takes connections and says nothing', openMute],
  ])('CL-21: Redis that %s, nothing is examined and the gateway is not blamed', async (_what, open) => {
    const gateway = await runOnMemoryBus();
    const redis = `redis://:hunter2@127.0.0.1:${await open()}`;
    const args = ['conform', gateway.url(), '--redis-url', redis];
    const run = await startProcess(process.execPath, [builtEntry('app'), ...args]);
    expect((await run.exited).code).toBe(1);
    expect(run.output()).toMatch(/^nothing was examined: no Redis [^\n]*--redis-url\n$/);
    await gateway.stop();
  });
});

describeWith('nginx', 'conform through nginx', () => {
  it('CL-22: our gateway behind nginx, no rule is broken', async () => {
    const { code, lines } = await examine({ nginx: true });
    expect([code, lines.filter((line) => line.startsWith('not ok'))]).toEqual([0, []]);
  });
});

/** A gateway without traffic has little to show. One series is old before anybody connects. */
function startTraffic(bus: MemoryBus): () => void {
  let value = 0;
  const publish = (name: string) => bus.publish(CHANNELS.metrics, sample(name, value++));
  publish('swap');
  return systemClock.every(50, () => {
    publish('cpu');
    publish('mem');
  });
}

function sample(metricType: string, value: number): BusMessage {
  const time = new Date().toISOString();
  const meta = { unit: 'percent', host: 'alpha' };
  return { type: 'system_metric', data: { time, metric_type: metricType, value, source: 'host', meta } };
}
