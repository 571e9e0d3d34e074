/** Whoever holds many connections, or does not read on one, by raw TCP. Rules: status-bridge/SPEC.md. */
import { connect, type Socket } from 'node:net';
import { createManualClock } from '@pulsewire/runtime';
import { BRIDGE_LIMITS } from '@pulsewire/shared-schema';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { describeWith } from '../support/describe-with.js';
import { poll, within } from '../support/within.js';
import { type BridgeRig, createRig, type RunningBridge } from './bridge-rig.js';

const MOST = BRIDGE_LIMITS.connectionsOfAddress;
const POLLING = '/socket.io/?EIO=4&transport=polling';
const HANDSHAKE = '/socket.io/?EIO=4&transport=websocket';
const MASKED_PONG = Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0x33]);
/** With the longest payload that there is, which the answer repeats. */
const MASKED_PING = Buffer.concat([Buffer.from([0x89, 0x80 + 125, 0, 0, 0, 0]), Buffer.alloc(125)]);
const THOUSAND_PINGS = Buffer.concat(Array.from({ length: 1000 }, () => MASKED_PING));
const upgradeRequest = (path: string) =>
  `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n';

describeWith('postgresql-server', 'the status bridge and crowds', () => {
  let rig: BridgeRig;
  const open: Socket[] = [];
  beforeAll(async () => {
    rig = await createRig();
  });
  afterEach(() => {
    for (const socket of open.splice(0)) socket.destroy();
  });
  afterAll(() => rig?.stop());

  async function hold({ port }: RunningBridge, localAddress: string): Promise<Socket> {
    const socket = connect({ host: '127.0.0.1', port, localAddress });
    open.push(socket);
    socket.on('error', () => {});
    await within(new Promise((resolve) => socket.once('connect', resolve)), 5000, 'the connection');
    return socket;
  }

  async function isServed(bridge: RunningBridge, localAddress: string): Promise<boolean> {
    const socket = await hold(bridge, localAddress);
    const answered = new Promise<boolean>((resolve) => {
      socket.once('data', () => resolve(true));
      socket.once('close', () => resolve(false));
    });
    socket.write('GET /healthz HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n');
    return within(answered, 5000, 'an answer');
  }

  async function crowd(bridge: RunningBridge, localAddress: string): Promise<void> {
    for (let count = 0; count < MOST; count += 1) await hold(bridge, localAddress);
  }

  it('SB-28: one more than an address may hold, ended; others are served, and it when one was closed', async () => {
    const bridge = await rig.start();
    await crowd(bridge, '127.0.0.2');
    expect(await isServed(bridge, '127.0.0.2')).toBe(false);
    expect(await isServed(bridge, '127.0.0.3')).toBe(true);
    expect(await bridge.metric('cut_off_total')).toBe(1);
    open[0]?.destroy();
    const again = async () => ((await isServed(bridge, '127.0.0.2')) ? true : undefined);
    expect(await poll(again, { what: 'a place' })).toBe(true);
    await bridge.stop();
  });

  it('SB-28: behind a proxy of ours, as many as it needs', async () => {
    const bridge = await rig.start({ settings: { proxyHops: 1 } });
    await crowd(bridge, '127.0.0.2');
    expect(await isServed(bridge, '127.0.0.2')).toBe(true);
    await bridge.stop();
  });

  it('SB-37: a WebSocket that never becomes a connection, asks for pongs and reads none, cut off at 16 MiB', async () => {
    const clock = createManualClock(Date.now());
    const bridge = await rig.start({ clock });
    const greeting = await (await fetch(`${bridge.url}${POLLING}`)).text();
    const { sid } = JSON.parse(greeting.slice(1)) as { sid: string };
    const mute = await hold(bridge, '127.0.0.2');
    mute.write(upgradeRequest(`${HANDSHAKE}&sid=${sid}`));
    await within(new Promise((resolve) => mute.once('data', resolve)), 5000, 'the handshake');
    mute.pause();
    for (let count = 0; count < 300; count += 1) mute.write(THOUSAND_PINGS);
    const cutOff = async () => {
      clock.advance(1000);
      return (await bridge.metric('cut_off_total')) === 1 ? true : undefined;
    };
    expect(await poll(cutOff, { what: 'the end' })).toBe(true);
    await bridge.stop();
  });

  it('SB-37: a WebSocket that says pong unasked and reads nothing, cut off after 40 s; one that reads is not', async () => {
    const clock = createManualClock(Date.now());
    const bridge = await rig.start({ clock, settings: { proxyHops: 1 } });
    const reader = new WebSocket(`ws://127.0.0.1:${bridge.port}${HANDSHAKE}`);
    const answers = { pings: 0 };
    reader.on('ping', () => {
      answers.pings += 1;
    });
    await within(new Promise((resolve) => reader.once('message', resolve)), 5000, 'the greeting');
    const mute = await hold(bridge, '127.0.0.2');
    mute.write(upgradeRequest(HANDSHAKE));
    await within(new Promise((resolve) => mute.once('data', resolve)), 5000, 'the greeting');
    mute.pause();
    clock.advance(20_000);
    await poll(() => (answers.pings === 1 ? true : undefined), { what: 'the question' });
    mute.write(MASKED_PONG);
    // Its answer has arrived when that to a later question of its own has.
    const replied = new Promise((resolve) => reader.once('pong', resolve));
    reader.ping();
    await within(replied, 5000, 'the answer');
    clock.advance(20_000);
    await poll(async () => ((await bridge.metric('cut_off_total')) === 1 ? true : undefined), {
      what: 'the end',
    });
    expect(reader.readyState).toBe(WebSocket.OPEN);
    reader.terminate();
    await bridge.stop();
  });
});
