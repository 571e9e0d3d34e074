import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createManualClock } from '@pulsewire/runtime';
import { describe, expect, it } from 'vitest';
import { type Engine, guardConnections } from './connection-guard.js';
import type { Gate } from './gate.js';

/** A connection as Engine.IO makes it, whose packets wait until `flush`. */
function createConnection() {
  const emitter = new EventEmitter();
  const state = { closed: 0 };
  const createSocket = () => Object.assign(new EventEmitter(), { ping() {} });
  const connection = {
    id: 'one',
    request: {} as IncomingMessage,
    transport: { name: 'websocket', socket: createSocket() },
    on: (event: string, listener: () => void) => emitter.on(event, listener),
    close() {
      state.closed += 1;
      emitter.emit('close');
    },
  };
  const wait = (data: string) => emitter.emit('packetCreate', { type: 'message', data });
  const upgrade = () => {
    connection.transport = { name: 'websocket', socket: createSocket() };
    emitter.emit('upgrade');
  };
  return { connection, state, wait, upgrade, emit: (event: string) => emitter.emit(event) };
}

function setUp() {
  const clock = createManualClock();
  const engine = new EventEmitter();
  const cutOff: string[] = [];
  const gate = {} as Gate;
  const end = guardConnections({
    engine: Object.assign(engine, { clientsCount: 0, use() {} }) as unknown as Engine,
    gate,
    clock,
    maxConnections: 10,
    maxOfAddress: 10,
    addressOf: () => '192.0.2.1',
    onCutOff: (reason) => cutOff.push(reason),
  });
  const peer = createConnection();
  engine.emit('connection', peer.connection);
  return { clock, cutOff, end, ...peer };
}

describe('the guard of connections', () => {
  it.each([
    ['600 packets', 600, 'x'],
    ['4 MiB', 4, 'x'.repeat(1_048_576)],
  ])('SB-37: %s waiting, cut off once', (_what, count, data) => {
    const { wait, cutOff, state } = setUp();
    for (let index = 1; index < count; index += 1) wait(data);
    expect(cutOff).toEqual([]);
    wait(data);
    wait(data);
    expect([cutOff, state.closed]).toEqual([['slow'], 1]);
  });

  it('SB-37: as much, but on its way in between, not cut off', () => {
    const { wait, emit, cutOff } = setUp();
    for (let index = 0; index < 2000; index += 1) {
      wait('x'.repeat(10_000));
      if (index % 100 === 99) emit('flush');
    }
    expect(cutOff).toEqual([]);
  });

  it('SB-37: a WebSocket that answers nothing, cut off after 40 s', () => {
    const { clock, cutOff } = setUp();
    clock.advance(39_999);
    expect(cutOff).toEqual([]);
    clock.advance(1);
    expect(cutOff).toEqual(['slow']);
  });

  it.each([
    ['as it began', () => {}],
    ['after long polling', (peer: ReturnType<typeof setUp>) => peer.upgrade()],
  ])('SB-36: a WebSocket %s that pings much, cut off', (_when, upgrade) => {
    const peer = setUp();
    upgrade(peer);
    const { socket } = peer.connection.transport;
    for (let count = 0; count < 20; count += 1) socket.emit('ping');
    expect(peer.cutOff).toEqual([]);
    socket.emit('ping');
    socket.emit('ping');
    expect(peer.cutOff).toEqual(['flood']);
  });

  it('SB-37: closed, not asked any more', () => {
    const { clock, cutOff, emit } = setUp();
    emit('close');
    clock.advance(60_000);
    expect(cutOff).toEqual([]);
  });
});
