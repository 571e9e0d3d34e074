/** Clients of Socket.IO that mean no good, by raw WebSocket where no library would do it. Rules: status-bridge/SPEC.md. */
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { describeWith } from '../support/describe-with.js';
import { poll, within } from '../support/within.js';
import { type BridgeRig, createRig, KEY, type RunningBridge, type TestClient } from './bridge-rig.js';

const CONNECT = `40${JSON.stringify({ token: KEY })}`;

describeWith('postgresql-server', 'the status bridge and hostile clients', () => {
  let rig: BridgeRig;
  let bridge: RunningBridge;
  let good: TestClient;
  beforeAll(async () => {
    rig = await createRig();
    await rig.records.figures('a1', { cpu: 45.2, mem: 62.1, disk: 12.5 });
    bridge = await rig.start({ settings: { proxyHops: 1 } });
    good = bridge.client({ extraHeaders: { 'x-forwarded-for': '192.0.2.100' } });
    await good.first('metrics:update');
  });
  afterAll(() => rig?.stop());

  let guests = 0;
  /** A WebSocket to Engine.IO from an address of its own, open and greeted. */
  async function openRaw(): Promise<WebSocket> {
    guests += 1;
    const headers = { 'x-forwarded-for': `192.0.2.${guests}` };
    const url = `${bridge.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`;
    const socket = new WebSocket(url, { headers });
    socket.on('error', () => {});
    await within(new Promise((resolve) => socket.once('message', resolve)), 5000, 'the greeting');
    return socket;
  }

  const closed = (socket: WebSocket) =>
    within(
      new Promise<void>((resolve) => {
        if (socket.readyState === WebSocket.CLOSED) resolve();
        socket.once('close', () => resolve());
      }),
      15_000,
      'the end of the connection',
    );

  async function goodIsServed(): Promise<void> {
    await good.first('metrics:update', good.all('metrics:update').length + 1);
    expect(good.socket.connected).toBe(true);
  }

  it.each([
    ['bytes that are no packet', () => '\u0000\ud800nothing'],
    ['an unknown packet type', () => '9'],
    ['a packet of Socket.IO that is none', () => '4x'],
    ['a half binary packet', () => `451-["a",{"_placeholder":true,"num":0}]`],
    ['more than 4 KiB', () => `4${'2'.repeat(5000)}`],
    ['brackets without end', () => `42${'['.repeat(4000)}`],
    ['an event name that is none', () => '42[{"toString":1}]'],
    ['a reserved event', () => '42["disconnecting"]'],
    ['an event before the token', () => '42["metrics:update",{}]'],
  ])('SB-36: %s over and over, cut off', async (_what, payload) => {
    const socket = await openRaw();
    for (let i = 0; i < 100 && socket.readyState === WebSocket.OPEN; i += 1) socket.send(payload());
    await closed(socket);
    expect(await bridge.get()).toMatchObject({ status: 200 });
  });

  it('SB-36: events of a client with a good token, ignored; a flood of them, cut off', async () => {
    const socket = await openRaw();
    const connected = new Promise((resolve) => {
      socket.on('message', (data) => String(data).startsWith('40') && resolve(null));
    });
    socket.send(CONNECT);
    await within(connected, 5000, 'the connection');
    socket.send('42["metrics:update",{"infrastructure":{"cpu":0}}]');
    for (let i = 0; i < 200; i += 1) socket.send('42["anything",{"__proto__":{"polluted":true}}]');
    await closed(socket);
    expect(await bridge.metric('cut_off_total')).toBeGreaterThan(0);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('SB-36: unknown namespaces without end, cut off', async () => {
    const socket = await openRaw();
    for (let i = 0; i < 200; i += 1) socket.send(`40/n${i},{}`);
    await closed(socket);
    expect(await bridge.metric('clients')).toBe(1);
  });

  it('SB-36: connected without a word, ended after five seconds', async () => {
    const socket = await openRaw();
    await closed(socket);
    expect(await bridge.metric('clients')).toBe(1);
  });

  it('SB-36: a good client beside all that, served as ever', async () => {
    await goodIsServed();
  });

  it('SB-37: a client that follows the log and does not read, cut off', async () => {
    const cutOff = await bridge.metric('cut_off_total');
    const socket = connect({ host: '127.0.0.1', port: bridge.port });
    const request = [
      'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
      ...['Host: 127.0.0.1', 'Connection: Upgrade', 'Upgrade: websocket', 'X-Forwarded-For: 192.0.2.99'],
      ...['Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==', '', ''],
    ].join('\r\n');
    socket.on('error', () => {});
    socket.write(request);
    await within(new Promise((resolve) => socket.once('data', resolve)), 5000, 'the greeting');
    socket.write(maskedText(CONNECT));
    await poll(async () => ((await bridge.metric('clients')) === 2 ? true : undefined), {
      what: 'the client',
    });
    socket.pause();
    const lines = Array.from({ length: 200 }, () => 'x'.repeat(4000));
    await poll(
      async () => {
        await rig.records.lines('big', lines);
        return (await bridge.metric('cut_off_total')) > cutOff ? true : undefined;
      },
      { what: 'the end of the slow client', timeoutMs: 60_000, everyMs: 500 },
    );
    await poll(async () => ((await bridge.metric('clients')) === 1 ? true : undefined), {
      what: 'its place',
    });
    socket.destroy();
    await goodIsServed();
  });
});

/** A client's text frame (RFC 6455 §5.2), masked with zeros. */
function maskedText(text: string): Buffer {
  const payload = Buffer.from(text);
  return Buffer.concat([Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}
