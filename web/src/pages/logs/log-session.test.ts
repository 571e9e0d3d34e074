import type { Log } from '@pulsewire/shared-schema';
import { describe, expect, it } from 'vitest';
import type { RestFailure } from '../../rest/failure.js';
import type { Query, RestAnswer, RestClient } from '../../rest/rest-client.js';
import { createStand, FakeStream, iso } from '../../testing/fake-stream.test-support.js';
import { logEntry } from '../../testing/history.test-support.js';
import { START_MS } from '../../testing/manual-clock.test-support.js';
import { loadLogWindow } from './load-logs.js';
import { LEVELS, type LogFilter } from './log-line.js';
import { LogSession } from './log-session.js';

const ALL: LogFilter = { service: null, levels: LEVELS, search: '' };

describe('log page’s connection', () => {
  function createSession(atMs: number | null = null, failure: RestFailure | null = null) {
    const { clock } = createStand();
    const asked: URLSearchParams[] = [];
    let stream: FakeStream | undefined;
    const session = new LogSession({
      clock,
      rest: {
        get: async <T>(_path: string, query: Record<string, unknown>): Promise<RestAnswer<T>> => {
          asked.push(new URLSearchParams(query as Record<string, string>));
          if (failure !== null) return { ok: false, failure };
          return { ok: true, data: { data: [logEntry(1)], next_before: null } as T };
        },
      },
      url: 'ws://gateway/feed',
      key: 'k',
      filter: ALL,
      atMs,
      serverNowMs: () => START_MS,
      create: (options) => {
        stream = new FakeStream(options);
        return stream;
      },
    });
    const stop = session.start();
    const hello = (resumed: 'none' | 'complete') =>
      stream?.say({
        type: 'hello',
        data: {
          client_id: 'c',
          server_time: new Date(START_MS).toISOString(),
          version: '',
          heartbeat_ms: 20_000,
          limits: { messages_per_second: 1, max_payload_bytes: 1 },
          resumed,
          state: 'live',
        },
      });
    return { session, asked, stop, hello, stream: () => stream };
  }

  it('WB-144: live, the feed begins a little before now, so that no line is missing', () => {
    const { stream } = createSession();
    expect(stream()?.options.after).toBe(`${START_MS - 10_000}-0`);
    expect(stream()?.options.selection).toEqual({ topics: ['logs'] });
  });

  it('WB-144: an interruption that was not resumed, begins afresh over a connection that goes back a little', () => {
    const { asked, hello, stream } = createSession();
    const before = stream();
    hello('none');
    hello('none');
    expect(asked).toHaveLength(2);
    expect([stream() === before, stream()?.options.after]).toEqual([false, `${START_MS - 10_000}-0`]);
  });

  it('WB-149: held while that happens, what is shown stays until it goes on', () => {
    const { asked, hello, session, stream } = createSession();
    hello('none');
    stream()?.send(logEntryMessage(1), START_MS);
    session.hold();
    hello('none');
    expect([asked.length, session.model.view().lines.length]).toEqual([1, 1]);
    session.release();
    expect([asked.length, session.model.view().lines.length]).toEqual([2, 0]);
  });

  it('WB-102: a key that may not read logs, is said, and the connection is not tried again', async () => {
    const { session, stream } = createSession(null, { kind: 'refused' });
    await new Promise<void>((resolve) => afterPromises(resolve));
    expect(session.status().stream).toEqual({ name: 'rejected', status: 403 });
    expect(stream()?.calls).toEqual(['open', 'close']);
  });

  it('WB-148: older lines, are asked for from where the feed begins', async () => {
    const { asked, session, stream } = createSession();
    stream()?.send(logEntryMessage(1), START_MS);
    await new Promise<void>((resolve) => afterPromises(resolve));
    session.loadOlder();
    expect(asked.at(-1)?.get('to')).toBe(String(START_MS - 10_000 + 1));
  });

  it('WB-144: an interruption that was resumed, asks nothing', () => {
    const { asked, hello } = createSession();
    hello('none');
    hello('complete');
    expect(asked).toHaveLength(1);
  });

  it('WB-147: a moment of the past, is asked for up to it and then after it, without a feed', async () => {
    const { asked, stream } = createSession(START_MS);
    await new Promise<void>((resolve) => afterPromises(resolve));
    expect(stream()).toBeUndefined();
    expect(asked.map((query) => [query.get('from'), query.get('to')])).toEqual([
      ['undefined', String(START_MS)],
      [String(START_MS), String(START_MS + 10_000)],
    ]);
  });

  it('WB-144: ended, the stream is closed', () => {
    const { stop, stream } = createSession();
    stop();
    expect(stream()?.calls).toEqual(['open', 'close']);
  });
});

describe('lines of a stretch', () => {
  /** A line every `stepMs`. */
  function createServer(stepMs: number, count: number): RestClient & { questions: number } {
    const all = Array.from({ length: count }, (_, seq) =>
      logEntry(seq, {
        timestamp: iso(START_MS + seq * stepMs),
        cursor: `${START_MS * 1000 + seq * stepMs * 1000}-${seq}`,
      }),
    ).reverse();
    return {
      questions: 0,
      async get<T>(_path: string, query: Query): Promise<RestAnswer<T>> {
        this.questions += 1;
        const [, last = String(count)] = String(query['before'] ?? '').split('-');
        const wanted = all.filter(({ seq, timestamp }) => {
          const timeMs = Date.parse(timestamp);
          return seq < Number(last) && timeMs >= Number(query['from']) && timeMs < Number(query['to']);
        });
        const data = wanted.slice(0, Number(query['limit']));
        const next = wanted.length > data.length ? (data.at(-1)?.cursor ?? null) : null;
        return { ok: true, data: { data, next_before: next } as T };
      },
    };
  }

  it.each([
    { stepMs: 1000, count: 10 },
    { stepMs: 10, count: 1000 },
    { stepMs: 1, count: 10_000 },
  ])('WB-147: a line every $stepMs ms, all of them from its beginning on, without a hole', async (given) => {
    const server = createServer(given.stepMs, given.count);
    const question = { filter: ALL, fromMs: START_MS, toMs: START_MS + 10_000 };
    const answer = await loadLogWindow(server, question, new AbortController().signal);
    const { lines, toMs } = answer.ok ? answer.data : { lines: [], toMs: 0 };
    const expected = Math.ceil((toMs - START_MS) / given.stepMs);
    expect(lines.map(({ seq }) => seq)).toEqual(Array.from({ length: expected }, (_, seq) => seq));
    expect(toMs).toBeGreaterThan(START_MS + 100);
    expect(server.questions).toBeLessThan(50);
  });
});

function logEntryMessage(seq: number): Log {
  const { cursor: _cursor, ...data } = logEntry(seq);
  return { type: 'log', data };
}

/** After everything that promises had to do. */
function afterPromises(then: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    then();
  };
  port2.postMessage(null);
}
