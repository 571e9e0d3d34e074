import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RestAnswer } from '../../rest/rest-client.js';
import { createStand, FakeStream } from '../../testing/fake-stream.test-support.js';
import { logEntry } from '../../testing/history.test-support.js';
import { createManualPageClock, START_MS } from '../../testing/manual-clock.test-support.js';
import { mergeLists } from './load-logs.js';
import { createMatcher, LEVELS, type LogFilter, type LogLine, splitMatches } from './log-line.js';
import { LIVE_KEPT, LogModel } from './log-model.js';
import { LogSession } from './log-session.js';
import { readLogsState, writeLogsState } from './logs-state.js';
import { deriveVisibleRows, isAtEnd } from './visible-rows.js';

const ALL: LogFilter = { service: null, levels: LEVELS, search: '' };
const seqs = (lines: readonly LogLine[]) => lines.map(({ seq }) => seq);
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

function createModel(filter: LogFilter = ALL) {
  const clock = createManualPageClock();
  const model = new LogModel(clock, filter);
  const settle = () => {
    clock.advance(200);
    return model.view();
  };
  return { model, settle };
}

describe('log lines', () => {
  it.each([
    [{ ...ALL, service: 'shop' }, true],
    [{ ...ALL, service: 'other' }, false],
    [{ ...ALL, levels: ['error', 'info'] as const }, true],
    [{ ...ALL, levels: ['error'] as const }, false],
    [{ ...ALL, search: 'LINE' }, true],
    [{ ...ALL, search: 'lines' }, false],
  ])('WB-140: filter %j, lets the line through: %s', (filter, expected) => {
    expect(createMatcher(filter)(logEntry(1))).toBe(expected);
  });

  it('WB-140: any message and search, its pieces are the message, every other one what was searched for', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (message, search) => {
        const pieces = splitMatches(message, search);
        expect(pieces.join('')).toBe(message);
        const found = pieces.filter((_, index) => index % 2 === 1).map((piece) => piece.toLowerCase());
        expect(found.every((piece) => piece === search.toLowerCase())).toBe(true);
      }),
    );
  });

  it('WB-146: whatever is shown, is shown again by its address', () => {
    const state = fc.record({
      service: fc.option(fc.string({ minLength: 1 })),
      levels: fc.subarray([...LEVELS], { minLength: 1 }),
      search: fc.string(),
      atMs: fc.option(fc.integer({ min: 0, max: 4e12 })),
    });
    fc.assert(
      fc.property(state, (shown) => {
        expect(readLogsState(writeLogsState(shown))).toEqual(shown);
      }),
    );
  });
});

describe('lines kept', () => {
  it('WB-142: a line that the database and the feed have, is there once', () => {
    const { model, settle } = createModel();
    for (const seq of [3, 4]) model.receive(logEntry(seq));
    model.prepend([1, 2, 3].map((seq) => logEntry(seq)));
    expect(seqs(settle().lines)).toEqual([1, 2, 3, 4]);
  });

  it('WB-141: older lines, are counted in the shift, so that the screen stays', () => {
    const { model, settle } = createModel();
    model.receive(logEntry(3));
    model.prepend([logEntry(1), logEntry(2)]);
    expect(settle().shift).toBe(2);
  });

  it('WB-141: more lines than are kept, the oldest go, older ones of the database first', () => {
    const { model, settle } = createModel();
    model.prepend([logEntry(-1)]);
    for (const seq of range(0, LIVE_KEPT * 1.2)) model.receive(logEntry(seq));
    const { lines, shift, received } = settle();
    expect(lines.length).toBeLessThanOrEqual(LIVE_KEPT * 1.1);
    expect(lines.at(-1)?.seq).toBe(LIVE_KEPT * 1.2 - 1);
    expect([received, shift]).toEqual([LIVE_KEPT * 1.2, lines.length - LIVE_KEPT * 1.2]);
  });

  it('WB-140: another filter, finds live lines that the former one hid', () => {
    const { model, settle } = createModel({ ...ALL, levels: ['error'] });
    model.receive(logEntry(1));
    expect(settle().lines).toEqual([]);
    model.setFilter(ALL);
    expect(seqs(settle().lines)).toEqual([1]);
  });

  it('WB-145: many lines at once, subscribers are told at most every 200 ms', () => {
    const { model, settle } = createModel();
    let told = 0;
    model.subscribe(() => {
      told += 1;
    });
    for (const seq of range(0, 200)) model.receive(logEntry(seq));
    settle();
    expect(told).toBe(1);
  });

  it('WB-145: any scroll position, draws what is on the screen and little more', () => {
    fc.assert(
      fc.property(
        fc.nat(2_000_000),
        fc.integer({ min: 1, max: 2000 }),
        fc.nat(100_000),
        (scroll, height, count) => {
          const { first, end } = deriveVisibleRows(scroll, height, 22, count);
          expect(first >= 0 && first <= end && end <= count).toBe(true);
          expect(end - first).toBeLessThanOrEqual(Math.ceil(height / 22) + 26);
        },
      ),
    );
    expect(isAtEnd(978, 22, 1000, 22)).toBe(true);
    expect(isAtEnd(100, 22, 1000, 22)).toBe(false);
  });
});

describe('lines of several levels', () => {
  it('WB-143: several lists, are one page in order of place, and the next begins after it', () => {
    const odd = range(0, 100).map((n) => logEntry(200 - 2 * n - 1));
    const even = range(0, 100).map((n) => logEntry(200 - 2 * n));
    const page = mergeLists([
      { data: odd, next_before: null },
      { data: even, next_before: 'more' },
    ]);
    expect(seqs(page.lines)).toEqual(range(101, 201));
    expect(page.before).toBe(page.lines[0]?.cursor);
  });

  it('WB-143: all lists at their end, is the end', () => {
    expect(mergeLists([{ data: [logEntry(1)], next_before: null }]).before).toBeNull();
  });

  it('WB-143: places of different lengths, are ordered as numbers', () => {
    const data = [logEntry(2, { cursor: '1000-9' }), logEntry(1, { cursor: '999-10' })];
    expect(seqs(mergeLists([{ data, next_before: null }]).lines)).toEqual([1, 2]);
  });
});

describe('log page’s connection', () => {
  function createSession(atMs: number | null = null) {
    const { clock } = createStand();
    const asked: URLSearchParams[] = [];
    let stream: FakeStream | undefined;
    const session = new LogSession({
      clock,
      rest: {
        get: async <T>(_path: string, query: Record<string, unknown>): Promise<RestAnswer<T>> => {
          asked.push(new URLSearchParams(query as Record<string, string>));
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

  it('WB-144: an interruption that was not resumed, begins afresh', () => {
    const { asked, hello } = createSession();
    hello('none');
    hello('none');
    expect(asked).toHaveLength(2);
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

/** After everything that promises had to do. */
function afterPromises(then: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    then();
  };
  port2.postMessage(null);
}
