import { describe, expect, it } from 'vitest';
import { BACK, createStand, HELLO, liveStand, OUTAGE, START_MS, sample } from './stand.test-support.js';

describe('messages', () => {
  it('SC-40: a message, is handed on with its time of receipt', () => {
    const { stand, socket } = liveStand();
    socket.message(sample(START_MS));
    expect(stand.received).toEqual([{ message: sample(START_MS), snapshot: false, receivedAtMs: START_MS }]);
  });

  it('SC-41: between snapshot begin and end, messages are marked', () => {
    const { stand, socket } = liveStand();
    socket.frame('snapshot', { phase: 'begin' });
    socket.message(sample(START_MS - 5000));
    socket.frame('snapshot', { phase: 'end' });
    socket.message(sample(START_MS));
    expect(stand.received.map(({ snapshot }) => snapshot)).toEqual([true, false]);
  });

  it('SC-42: the same id twice, is handed on once', () => {
    const { stand, socket } = liveStand();
    socket.message(sample(START_MS));
    socket.message(sample(START_MS));
    expect(stand.received).toHaveLength(1);
  });

  it('SC-42: after a complete resume, what was received before is dropped', () => {
    const { stand, socket } = liveStand();
    socket.message(sample(START_MS));
    socket.end(1006);
    stand.clock.advance(2000);
    stand.goLive({ resumed: 'complete' });
    stand.last.frame('snapshot', { phase: 'begin' });
    stand.last.message(sample(START_MS));
    stand.last.message(sample(START_MS + 1000));
    expect(stand.received.map(({ message }) => message.id)).toEqual([
      `${START_MS}-0`,
      `${START_MS + 1000}-0`,
    ]);
  });

  it('SC-43: an older id of another series, is handed on', () => {
    const { stand, socket } = liveStand();
    socket.message(sample(START_MS, `${START_MS}-5`, 'alpha'));
    socket.message(sample(START_MS, `${START_MS}-3`, 'beta'));
    expect(stand.received).toHaveLength(2);
  });

  it('SC-44: the server could not resume, smaller ids are handed on', () => {
    const { stand, socket } = liveStand();
    socket.message(sample(START_MS, '9000-0'));
    socket.end(1006);
    stand.clock.advance(2000);
    stand.goLive({ resumed: 'none' });
    stand.last.message(sample(START_MS, '7-0'));
    expect(stand.received).toHaveLength(2);
  });

  it('SC-44: a log that began anew in an outage, smaller ids are handed on', () => {
    const { stand, socket } = liveStand();
    socket.message(sample(START_MS, '9000-0'));
    socket.frame('error', OUTAGE);
    socket.frame('status', BACK);
    socket.message(sample(START_MS, '7-0'));
    expect(stand.received).toHaveLength(2);
  });

  it('SC-45: messages without id, are all handed on', () => {
    const { stand, socket } = liveStand();
    socket.message(sample(START_MS, null));
    socket.message(sample(START_MS, null));
    expect(stand.received).toHaveLength(2);
  });

  it('SC-46: types and frames that nobody knows, are ignored', () => {
    const { stand, socket } = liveStand();
    for (const text of [
      '{',
      'null',
      '{"type":"weather","data":{}}',
      '{"type":"log","data":{}}',
      new Uint8Array(3),
    ])
      socket.text(text);
    expect(stand.received).toHaveLength(0);
    expect(stand.manager.state.name).toBe('live');
  });

  it('SC-47: a listener that throws, keeps nobody from being told', () => {
    const errors: unknown[] = [];
    const { stand, socket } = liveStand({ onListenerError: (error) => errors.push(error) });
    const failure = new Error('listener');
    stand.manager.on('message', () => {
      throw failure;
    });
    const later: unknown[] = [];
    stand.manager.on('message', (received) => later.push(received));
    socket.message(sample(START_MS));
    expect(later).toHaveLength(1);
    expect(errors).toEqual([failure]);
  });

  it('SC-48: a listener that was taken off, is not called', () => {
    const { stand, socket } = liveStand();
    const calls: unknown[] = [];
    const off = stand.manager.on('message', (received) => calls.push(received));
    off();
    socket.message(sample(START_MS));
    expect(calls).toHaveLength(0);
  });

  it('SC-49: what the gateway says about itself, is handed on as feed', () => {
    const stand = createStand();
    const types: string[] = [];
    stand.manager.on('feed', ({ type }) => types.push(type));
    stand.manager.open();
    stand.goLive();
    stand.last.frame('notice', { reason: 'conflated', skipped: 4, window_ms: 1000 });
    expect(types).toEqual(['hello', 'notice']);
  });

  it('SC-49: close in a state listener, hands on nothing more', () => {
    const stand = createStand();
    const types: string[] = [];
    stand.manager.on('feed', ({ type }) => types.push(type));
    stand.manager.on('state', ({ name }) => {
      if (name === 'live') stand.manager.close();
    });
    stand.manager.open();
    stand.last.accept();
    stand.last.frame('hello', HELLO);
    expect(types).toEqual([]);
    expect(stand.manager.state.name).toBe('closed');
    expect(stand.clock.scheduled).toBe(0);
  });
});

describe('outage of the bus', () => {
  it('SC-50: the 503 packet, degrades with cause, since and last message', () => {
    const { stand, socket } = liveStand();
    socket.frame('error', OUTAGE);
    expect(stand.manager.state).toEqual({
      name: 'degraded',
      cause: 'redis_unavailable',
      sinceMs: Date.parse(OUTAGE.since),
      lastMessageAtMs: Date.parse(OUTAGE.last_message_at),
    });
  });

  it('SC-50: hello says degraded, is degraded before the packet', () => {
    const { stand } = liveStand({}, { state: 'degraded' });
    expect(stand.manager.state).toMatchObject({ name: 'degraded', cause: 'redis_unavailable' });
  });

  it('SC-51: the packet repeated, tells no new state', () => {
    const { stand, socket } = liveStand();
    socket.frame('error', OUTAGE);
    const told = stand.states.length;
    socket.frame('error', { ...OUTAGE, time: '2026-01-17T04:30:10.900Z' });
    expect(stand.states).toHaveLength(told);
  });

  it('SC-52: status 200, is live again', () => {
    const { stand, socket } = liveStand();
    socket.frame('error', OUTAGE);
    stand.clock.advance(6000);
    socket.frame('status', BACK);
    expect(stand.manager.state).toEqual({ name: 'live', sinceMs: START_MS + 6000 });
  });

  it('SC-53: error 400, changes no state', () => {
    const { stand, socket } = liveStand();
    socket.frame('error', { code: 400, message: 'bad', time: OUTAGE.time, field: 'type' });
    expect(stand.manager.state.name).toBe('live');
  });
});
