/** The feed behind Debian's nginx. */
import { type BusMessage, CHANNELS, STREAM_PATH, STREAM_PATH_ALIAS } from '@pulsewire/shared-schema';
import { createStreamManager, type StreamManager } from '@pulsewire/shared-schema/client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { KEY, type RunningOnMemoryBus, runOnMemoryBus, WRONG_KEY } from '../gateway/support/gateway.js';
import { describeWith } from '../support/describe-with.js';
import { openSocket, refusalOf } from '../support/websocket.js';
import { poll } from '../support/within.js';
import { type Nginx, readShippedConfiguration, startNginx } from './nginx.js';

function sample(value: number): BusMessage {
  const time = new Date().toISOString();
  const meta = { unit: 'percent', host: 'alpha' };
  return { type: 'system_metric', data: { time, metric_type: 'cpu', value, source: 'host', meta } };
}

describeWith('nginx', 'behind nginx', () => {
  let gateway: RunningOnMemoryBus;
  let nginx: Nginx;
  let manager: StreamManager | undefined;
  const headers = { 'x-api-key': KEY };
  beforeEach(async () => {
    // Clients come from other addresses of the loopback network.
    gateway = await runOnMemoryBus({ settings: { trustedProxies: ['127.0.0.1'] } });
    nginx = await startNginx(gateway.port);
  });
  afterEach(async () => {
    manager?.close();
    await nginx.stop();
    await gateway.stop();
  });

  it.each([STREAM_PATH, STREAM_PATH_ALIAS])('DP-1: %s, live and receiving', async (path) => {
    const client = await openSocket(`ws://127.0.0.1:${nginx.port}${path}`, { headers });
    await client.first(({ type, data }) => type === 'snapshot' && data['phase'] === 'end');
    gateway.bus.publish(CHANNELS.metrics, sample(7));
    expect(await client.first(({ type }) => type === 'system_metric')).toMatchObject({ data: { value: 7 } });
    await client.close();
  });

  it('DP-2: wrong key, the refusal of the gateway', async () => {
    const refusal = await refusalOf(`ws://127.0.0.1:${nginx.port}${STREAM_PATH}`, {
      headers: { 'x-api-key': WRONG_KEY },
    });
    expect([refusal.status, JSON.parse(refusal.body).error]).toEqual([401, 'unauthorized']);
  });

  it('DP-2: plain request with the right key, 426', async () => {
    const { status } = await fetch(`http://127.0.0.1:${nginx.port}${STREAM_PATH}`, { headers });
    expect(status).toBe(426);
  });

  it('DP-2: page of this address and port, may connect', async () => {
    const client = await openSocket(`ws://127.0.0.1:${nginx.port}${STREAM_PATH}`, {
      headers,
      origin: `http://127.0.0.1:${nginx.port}`,
    });
    expect(await client.first(({ type }) => type === 'hello')).toMatchObject({ data: { state: 'live' } });
    await client.close();
  });

  it('DP-3: key in the query, not in the log', async () => {
    const client = await openSocket(gateway.url().replace(`:${gateway.port}`, `:${nginx.port}`));
    await client.close();
    const line = await poll(async () => (await nginx.accessLog()) || undefined, {
      what: 'a line of the log',
    });
    expect(line).toContain(STREAM_PATH);
    expect(line).not.toContain(KEY);
  });

  it('DP-3: gateway gone and key in the query, the access log has the 502 and no log the key', async () => {
    await gateway.stop();
    const refusal = await refusalOf(gateway.url().replace(`:${gateway.port}`, `:${nginx.port}`));
    expect(refusal.status).toBe(502);
    await poll(async () => (await nginx.accessLog()).includes(' 502 ') || undefined, { what: 'the 502' });
    expect(await nginx.accessLog()).not.toContain(KEY);
    expect(await nginx.errorLog()).not.toContain(KEY);
  });

  it('DP-3: both directions of the feed, an hour of silence is allowed', async () => {
    const text = await readShippedConfiguration();
    const feed = /location ~ [^{]*api\/system\/ws[^}]*\}/.exec(text)?.[0];
    expect(feed).toMatch(/proxy_read_timeout 1h;\s+proxy_send_timeout 1h;/);
  });

  it('DP-5: nginx is trusted, wrong keys of one client do not block another', async () => {
    const open = (localAddress: string, key: string) =>
      refusalOf(`ws://127.0.0.1:${nginx.port}${STREAM_PATH}?rate=0`, {
        localAddress,
        headers: { 'x-api-key': key, 'x-forwarded-for': '127.0.0.3' },
      });
    for (let index = 0; index < 10; index += 1) await open('127.0.0.2', WRONG_KEY);
    const statuses = [await open('127.0.0.2', KEY), await open('127.0.0.3', KEY)].map(({ status }) => status);
    expect(statuses).toEqual([429, 400]);
  });

  it('DP-4: reload under load, live again with every message once and in order', async () => {
    const values: number[] = [];
    const states: string[] = [];
    const stream = createStreamManager({
      url: `ws://127.0.0.1:${nginx.port}${STREAM_PATH}`,
      key: KEY,
      connect: (url, protocols) => new WebSocket(url, protocols),
    });
    manager = stream;
    stream.on('state', ({ name }) => states.push(name));
    stream.on('message', ({ message }) => {
      if (message.type === 'system_metric') values.push(message.data.value);
    });
    const seen = (value: number) =>
      poll(() => values.includes(value) || undefined, { what: `value ${value}`, timeoutMs: 15_000 });
    stream.open();
    await poll(() => stream.state.name === 'live' || undefined, { what: 'live' });
    gateway.bus.publish(CHANNELS.metrics, sample(1));
    await seen(1);
    await nginx.reload();
    gateway.bus.publish(CHANNELS.metrics, sample(2));
    await poll(() => states.includes('waiting') || undefined, { what: 'the cut of the old worker' });
    for (const value of [3, 4]) gateway.bus.publish(CHANNELS.metrics, sample(value));
    await seen(4);
    gateway.bus.publish(CHANNELS.metrics, sample(5));
    await seen(5);
    expect(values).toEqual([1, 2, 3, 4, 5]);
  });
});
