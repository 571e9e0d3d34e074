/** 100,000 pieces of nonsense, from the bus and from clients, while valid traffic goes on. Repeatable by seed. */
import { connect } from 'node:net';
import { type BusMessage, CHANNELS } from '@pulsewire/shared-schema';
import { parseBusMessage } from '@pulsewire/shared-schema/parse';
import { afterEach, expect, it } from 'vitest';
import { openSocket } from '../support/websocket.js';
import { within } from '../support/within.js';
import { createRandom, fuzzedFrame, fuzzedPayload, type Random } from './support/fuzz.js';
import { describeGateway, type RunningOnMemoryBus, runOnMemoryBus } from './support/gateway.js';
import { handshakeText } from './support/raw.js';

const SEED = 20_260_117;
const PIECES = 50_000;
const VALID_EVERY = 500;
/** More than a client may send within a second, so that every way to be thrown out is taken. */
const FRAMES_PER_CONNECTION = 25;
const CONNECTIONS_AT_ONCE = 50;

let running: RunningOnMemoryBus;

afterEach(() => running.stop());

function marker(value: number): BusMessage {
  const data = {
    alert_id: 'fuzz',
    rule: 'r',
    state: 'firing',
    severity: 'warning',
    metric_type: 'cpu',
  } as const;
  const time = '2026-01-17T04:30:00Z';
  return {
    type: 'alert',
    data: { ...data, source: 'host', value, threshold: 0, message: '', time, started_at: time, host: 'fuzz' },
  };
}

function valuesOf(messages: readonly { data: Record<string, unknown> }[]): unknown[] {
  return messages.filter(({ data }) => data['host'] === 'fuzz').map(({ data }) => data['value']);
}

/** Connects, sends nonsense and resolves when the server has ended the connection, or after a goodbye. */
function misbehave(port: number, random: Random): Promise<void> {
  const frames = Array.from({ length: FRAMES_PER_CONNECTION }, () => fuzzedFrame(random));
  const ended = new Promise<void>((resolve) => {
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write(handshakeText()));
    socket.once('data', () => {
      socket.end(Buffer.concat(frames));
    });
    socket.on('data', () => undefined);
    socket.on('error', () => undefined);
    socket.once('close', () => resolve());
  });
  return within(ended, 20_000, 'the end of a hostile connection');
}

describeGateway('nonsense', () => {
  it('GW-76, GW-52: 50,000 payloads on the bus, valid messages pass and each refusal is counted', async () => {
    running = await runOnMemoryBus();
    const client = await openSocket(running.url('topics=alerts'));
    await client.next(({ data }) => data['phase'] === 'end');
    const random = createRandom(SEED);
    let invalid = 0;
    for (let piece = 0; piece < PIECES; piece += 1) {
      const payload = fuzzedPayload(random);
      if (!parseBusMessage(payload).ok) invalid += 1;
      running.bus.publishForeign(CHANNELS.metrics, payload);
      if (piece % VALID_EVERY !== 0) continue;
      running.bus.publish(CHANNELS.metrics, marker(piece));
      await client.first(({ data }) => data['value'] === piece);
    }
    expect(valuesOf(client.messages)).toEqual(
      Array.from({ length: PIECES / VALID_EVERY }, (_, index) => index * VALID_EVERY),
    );
    const text = await running.metrics();
    const counted = [...text.matchAll(/bus_messages_refused_total\{[^}]*\} (\d+)/g)];
    expect(invalid).toBeGreaterThan(PIECES * 0.8);
    expect(counted.reduce((sum, [, count]) => sum + Number(count), 0)).toBe(invalid);
  });

  it('GW-76: 50,000 client frames, another client hears everything and nobody is left', async () => {
    running = await runOnMemoryBus();
    const client = await openSocket(running.url('topics=alerts'));
    await client.next(({ data }) => data['phase'] === 'end');
    const random = createRandom(SEED);
    const rounds = PIECES / FRAMES_PER_CONNECTION / CONNECTIONS_AT_ONCE;
    for (let round = 0; round < rounds; round += 1) {
      const hostile = Array.from({ length: CONNECTIONS_AT_ONCE }, () => misbehave(running.port, random));
      running.bus.publish(CHANNELS.metrics, marker(round));
      await Promise.all(hostile);
    }
    await client.first(({ data }) => data['value'] === rounds - 1);
    expect(valuesOf(client.messages)).toEqual(Array.from({ length: rounds }, (_, index) => index));
    expect(await running.metric('client_errors_total')).toBeGreaterThan(5000);
    expect(running.gateway.clientCount).toBe(1);
  });
});
