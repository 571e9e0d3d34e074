import { describe, expect, it, vi } from 'vitest';
import { FakeStream, iso } from '../testing/fake-stream.test-support.js';
import { createManualPageClock, START_MS } from '../testing/manual-clock.test-support.js';
import { sample } from '../testing/messages.test-support.js';
import { LiveStore } from './live-store.js';
import { createStreamSession } from './stream-session.js';

function createSessionStand() {
  const streams: FakeStream[] = [];
  const clock = createManualPageClock();
  const store = new LiveStore(clock);
  const onKeyRefused = vi.fn();
  const session = createStreamSession({
    clock,
    store,
    url: 'ws://gateway/feed',
    onKeyRefused,
    create: (options) => {
      const stream = new FakeStream(options);
      streams.push(stream);
      return stream;
    },
  });
  return { streams, clock, store, session, onKeyRefused };
}

function greet(
  stream: FakeStream | undefined,
  resumed: 'none' | 'partial' | 'complete' = 'none',
  state: 'live' | 'degraded' = 'live',
): void {
  const limits = { messages_per_second: 200, max_payload_bytes: 65_536 };
  const more = { client_id: 'c', version: '0', heartbeat_ms: 20_000, limits, state };
  stream?.say({ type: 'hello', data: { ...more, server_time: iso(START_MS), resumed } });
  stream?.say({ type: 'snapshot', data: { phase: 'begin' } });
}
const endSnapshot = (stream: FakeStream | undefined) =>
  stream?.say({ type: 'snapshot', data: { phase: 'end' } });

describe('stream session', () => {
  it('WB-65: the key is refused, it is forgotten', () => {
    const { streams, session, onKeyRefused } = createSessionStand();
    session.connect('wrong');
    streams[0]?.become({ name: 'rejected', status: 401 });
    expect(onKeyRefused).toHaveBeenCalledOnce();
  });
  it('WB-65: the origin is refused, the key is kept', () => {
    const { streams, session, onKeyRefused } = createSessionStand();
    session.connect('right');
    streams[0]?.become({ name: 'rejected', status: 403 });
    expect(onKeyRefused).not.toHaveBeenCalled();
  });
  it('WB-66: another key, the first connection is closed and not listened to any more', () => {
    const { streams, session } = createSessionStand();
    session.connect('one');
    session.connect('two');
    expect(streams.map((stream) => [stream.options.key, stream.calls])).toEqual([
      ['one', ['open', 'close']],
      ['two', ['open']],
    ]);
    expect(streams[0]?.listenerCount).toBe(0);
  });
  it('WB-66: ended, the data is forgotten with it', () => {
    const { streams, session, store, clock } = createSessionStand();
    session.connect('one');
    streams[0]?.send(sample('cpu', 1, START_MS), START_MS);
    clock.advance(250);
    session.end();
    expect([store.view().hosts, clock.scheduled]).toEqual([[], 0]);
  });
  it('WB-69: any key, no topics are asked for, which a key for some topics would be refused for', () => {
    const { streams, session } = createSessionStand();
    session.connect('metrics-only');
    expect(streams[0]?.options.selection?.topics).toBeUndefined();
  });
  it('WB-67: the first snapshot is complete, the charts are filled from the log once', () => {
    const { streams, session, store } = createSessionStand();
    session.connect('one');
    greet(streams[0]);
    streams[0]?.send(sample('cpu', 3, START_MS - 1000), START_MS, true);
    endSnapshot(streams[0]);
    expect(streams[1]?.options.after).toBe(`${START_MS - 300_000}-0`);
    greet(streams[1], 'complete');
    streams[1]?.send(sample('cpu', 1, START_MS - 3000), START_MS, true);
    streams[1]?.send(sample('cpu', 2, START_MS - 2000), START_MS, true);
    endSnapshot(streams[1]);
    endSnapshot(streams[0]);
    expect(store.host('web-01')?.history('cpu')?.length).toBe(3);
    expect([streams.length, streams[1]?.calls]).toEqual([2, ['open', 'close']]);
  });
  it('WB-68: more was missed than the log holds, a fresh connection that resumes nothing', () => {
    const { streams, session, store } = createSessionStand();
    session.connect('one');
    greet(streams[0], 'partial');
    expect(streams[0]?.calls).toEqual(['open', 'close']);
    expect([streams[1]?.options.after, streams[1]?.calls]).toEqual([undefined, ['open']]);
    expect(store.view().connection.badge).toBe('idle');
  });
  it('WB-67: opened while the gateway has no source, the charts are filled when it is back', () => {
    const { streams, session } = createSessionStand();
    session.connect('one');
    greet(streams[0], 'none', 'degraded');
    endSnapshot(streams[0]);
    expect(streams.length).toBe(1);
    const data = { code: 200, message: 'OK', since: iso(START_MS), outage_ms: 1, recovered: 0 } as const;
    streams[0]?.say({ type: 'status', data });
    expect(streams[1]?.calls).toEqual(['open']);
  });
  it('WB-67: the log does not come to an end, the second connection gives its place back', () => {
    const { streams, session, clock } = createSessionStand();
    session.connect('one');
    greet(streams[0]);
    endSnapshot(streams[0]);
    clock.advance(10_000);
    expect([streams[1]?.calls, streams[1]?.listenerCount]).toEqual([['open', 'close'], 0]);
  });
  it('WB-67: the second connection is refused, it is not tried again', () => {
    const { streams, session } = createSessionStand();
    session.connect('one');
    greet(streams[0]);
    endSnapshot(streams[0]);
    streams[1]?.become({ name: 'waiting', attempt: 1, nextAtMs: 0, reason: 'refused' });
    expect([streams[1]?.calls, streams[1]?.listenerCount]).toEqual([['open', 'close'], 0]);
  });
});
