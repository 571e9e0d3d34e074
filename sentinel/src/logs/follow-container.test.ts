import { createManualClock } from '@pulsewire/runtime';
import { describe, expect, it } from 'vitest';
import type { LogReading } from '../docker/engine.js';
import { settle } from '../test-support/settle.js';
import { followContainer } from './follow-container.js';

const timeOf = (second: number) => `2026-01-17T04:30:${String(second).padStart(2, '0')}.000000000Z`;
/** As a container with a terminal writes it. */
const lineAt = (second: number) => Buffer.from(`${timeOf(second)} line ${second}\n`);

/** A container that runs, and an engine whose streams give out what they are told; the last line is what it is told. */
function setUp({ since = null as string | null, last = 0 } = {}) {
  const clock = createManualClock();
  const streams: { push(chunk: Buffer): void; stopped: boolean; since: string | null }[] = [];
  const texts: string[] = [];
  const engine = { last, asked: 0, askedSince: [] as (string | null)[], answers: true };

  async function read(from: string | null): Promise<LogReading> {
    let wake: (chunk: Buffer | null) => void = () => {};
    const stream = { push: (chunk: Buffer) => wake(chunk), stopped: false, since: from };
    streams.push(stream);
    async function* chunks() {
      for (;;) {
        const chunk = await new Promise<Buffer | null>((resolve) => {
          wake = resolve;
        });
        if (chunk === null) throw new Error('aborted');
        yield chunk;
      }
    }
    const stop = () => {
      stream.stopped = true;
      wake(null);
    };
    return { tty: true, chunks: chunks(), stop };
  }

  const follow = followContainer({
    start: { since, streams: {}, seq: 0 },
    host: 'test-host',
    linesPerSecond: 1000,
    outlet: {
      outSinceMs: null,
      async publish(messages) {
        texts.push(...messages.map(({ data }) => data.message));
        return true;
      },
      async close() {},
    },
    clock,
    facts: () => ({ name: 'api', runs: true }),
    read,
    async readLast(from) {
      engine.asked += 1;
      engine.askedSince.push(from);
      if (!engine.answers) throw new Error('no answer');
      return { tty: true, bytes: engine.last === 0 ? Buffer.alloc(0) : lineAt(engine.last) };
    },
    onLines() {},
    onPosition() {},
  });
  let failed = false;
  void follow.run().catch(() => {
    failed = true;
  });

  return {
    engine,
    streams,
    texts,
    failed: () => failed,
    async push(chunk: Buffer) {
      await settle();
      streams.at(-1)?.push(chunk);
      await settle();
    },
    async pass(seconds: number) {
      await settle();
      for (let second = 0; second < seconds; second += 1) {
        clock.advance(1000);
        follow.tick();
        await settle();
      }
    },
  };
}

describe('a stream that is silent', () => {
  it('SE-121: the engine has a newer line, the log is read again from there, and nothing has failed', async () => {
    const { engine, failed, pass, push, streams, texts } = setUp();
    await push(lineAt(10));
    engine.last = 12;
    await pass(7);
    await push(Buffer.concat([lineAt(10), lineAt(11), lineAt(12)]));
    expect(streams.map(({ stopped, since }) => [stopped, since === null])).toEqual([
      [true, true],
      [false, false],
    ]);
    expect([texts, failed()]).toEqual([['line 10', 'line 11', 'line 12'], false]);
  });

  it('SE-121: the engine is asked for what is not older than the last line that was read', async () => {
    const { engine, pass, push } = setUp();
    await push(lineAt(10));
    await pass(6);
    expect(engine.askedSince).toEqual([`${Date.parse(timeOf(10)) / 1000}.000000000`]);
  });

  it('SE-121: the line comes by itself a moment after the engine told of it, the stream stays open', async () => {
    const { engine, pass, push, streams } = setUp();
    await push(lineAt(10));
    engine.last = 11;
    await pass(5);
    await push(lineAt(11));
    await pass(3);
    expect(streams.map(({ stopped }) => stopped)).toEqual([false]);
  });

  it('SE-121: nothing has come yet, it may take a minute to begin, and twice as long when it is tried again', async () => {
    const { engine, pass, streams } = setUp({ last: 10 });
    const counts: number[] = [];
    for (const seconds of [59, 3, 118, 4]) {
      await pass(seconds);
      counts.push(streams.length);
    }
    expect([counts, engine.asked]).toEqual([[1, 2, 2, 3], 2]);
  });

  it('SE-121: the engine has nothing newer, it stays open and is compared once a minute', async () => {
    const { engine, pass, push, streams } = setUp();
    await push(lineAt(10));
    engine.last = 10;
    await pass(130);
    expect([engine.asked, streams.map(({ stopped }) => stopped)]).toEqual([3, [false]]);
  });

  it('SE-121: it says something every four seconds, it is never compared', async () => {
    const { engine, pass, push } = setUp();
    for (const second of [10, 14, 18, 22]) {
      await push(lineAt(second));
      await pass(4);
    }
    expect(engine.asked).toBe(0);
  });

  it('SE-116, SE-121: the last line is from before what is followed, it stays open', async () => {
    const { engine, pass, streams } = setUp({ since: timeOf(20), last: 19 });
    await pass(62);
    expect([engine.asked, streams.map(({ stopped }) => stopped)]).toEqual([1, [false]]);
  });

  it('SE-121: the last line is one whose end has not come, it stays open', async () => {
    const { engine, pass, push, streams } = setUp();
    await push(Buffer.from(`${timeOf(10)} no end`));
    engine.last = 10;
    await pass(6);
    expect([engine.asked, streams.map(({ stopped }) => stopped)]).toEqual([1, [false]]);
  });

  it('SE-121: the engine does not answer, it stays open', async () => {
    const { engine, pass, push, streams } = setUp();
    await push(lineAt(10));
    engine.answers = false;
    await pass(6);
    expect([engine.asked, streams.map(({ stopped }) => stopped)]).toEqual([1, [false]]);
  });
});
