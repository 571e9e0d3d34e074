import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLogTracker, furthest, type LogPosition, type LogTracker } from './log-position.js';

const time = (n: number) =>
  `2026-01-17T04:${String(30 + Math.floor(n / 60)).padStart(2, '0')}:${String(n % 60).padStart(2, '0')}.000000000Z`;
const START: LogPosition = { since: time(0), streams: {}, seq: 0 };

interface Line {
  stream: 'stdout' | 'stderr';
  time: string;
  text: number;
}

/** Each stream in the order of its times, many lines at the same one, the two interleaved by up to two seconds. */
const anyLog = fc
  .array(fc.record({ stream: fc.constantFrom('stdout' as const, 'stderr' as const), step: fc.nat(2) }), {
    maxLength: 60,
  })
  .map((steps): Line[] => {
    const now = { stdout: 1, stderr: 1 };
    return steps.map(({ stream, step }, text) => {
      now[stream] = Math.max(now[stream] + step, Math.max(now.stdout, now.stderr) - 2);
      return { stream, time: time(now[stream]), text };
    });
  });

/** What an engine answers: from the first line that is not older than asked for. */
function ask(log: readonly Line[], since: string | null): Line[] {
  const first = log.findIndex((line) => since === null || line.time >= since);
  return first === -1 ? [] : log.slice(first);
}

const isNew = (tracker: LogTracker, stream: Line['stream'], at: string, text = 0, now = time(999)) =>
  tracker.isNew({ stream, time: at, identity: `line ${text}` }, now);

function read(position: LogPosition, lines: readonly Line[]) {
  const tracker = createLogTracker(position);
  tracker.rewind();
  const fresh = lines
    .filter((line) => isNew(tracker, line.stream, line.time, line.text))
    .map(({ text }) => text);
  return { fresh, position: tracker.position() };
}

describe('position in a log', () => {
  it('SE-112: any log, read in pieces by processes that know only the position, every line once and in order', () => {
    fc.assert(
      fc.property(anyLog, fc.array(fc.nat(60), { maxLength: 5 }), (log, stops) => {
        const seen: number[] = [];
        let position = START;
        for (const end of [...stops.sort((a, b) => a - b), log.length]) {
          const result = read(position, ask(log.slice(0, end), position.since));
          seen.push(...result.fresh);
          position = structuredClone(result.position);
        }
        expect(seen).toEqual(log.map(({ text }) => text));
      }),
    );
  });

  it('SE-120: any log of which the engine repeats parts in the middle of a reading, every line once', () => {
    const distinct = anyLog.map((log) =>
      log.map((line, i): Line => ({ ...line, time: time(i + 1), text: i })),
    );
    fc.assert(
      fc.property(distinct, fc.array(fc.tuple(fc.nat(60), fc.nat(60)), { maxLength: 4 }), (log, repeats) => {
        const given = repeats.reduce((lines, [end, length]) => {
          const at = Math.min(end, log.length);
          const place = lines.findLastIndex(({ text }) => text < at) + 1;
          return [
            ...lines.slice(0, place),
            ...log.slice(Math.max(0, at - length), at),
            ...lines.slice(place),
          ];
        }, log);
        expect(read(START, given).fresh).toEqual(log.map(({ text }) => text));
      }),
    );
  });

  it('SE-120: different lines at one time, all of them; the last one again, not', () => {
    const tracker = createLogTracker(START);
    const results = [1, 2, 2, 3].map((text) => isNew(tracker, 'stdout', time(1), text));
    expect(results).toEqual([true, true, false, true]);
  });

  it('SE-120: a clock that is set back, lines go on being new', () => {
    const tracker = createLogTracker(START);
    const results = [500, 400, 401].map((at) => isNew(tracker, 'stdout', time(at), at, time(at)));
    expect(results).toEqual([true, true, true]);
  });

  it('SE-112: a line that was open when the position was taken, asked for again from its beginning', () => {
    const tracker = createLogTracker(START);
    isNew(tracker, 'stderr', time(50));
    expect(tracker.position([time(3)]).since).toBe(time(3));
    expect(tracker.position().since).toBe(time(45));
  });

  it('SE-112: lines from before the start that an engine sends all the same, not new', () => {
    const tracker = createLogTracker({ ...START, since: time(5) });
    expect([isNew(tracker, 'stdout', time(4)), isNew(tracker, 'stdout', time(5))]).toEqual([false, true]);
  });

  it('SE-112: read again within one process, nothing twice', () => {
    const tracker = createLogTracker(START);
    const lines = [1, 1, 2, 2, 2].map((at, text) => ({ at: time(at), text }));
    const fresh = (given: typeof lines) =>
      given.filter(({ at, text }) => isNew(tracker, 'stdout', at, text)).map(({ text }) => text);
    expect(fresh(lines)).toEqual([0, 1, 2, 3, 4]);
    tracker.rewind();
    expect(fresh([...lines, { at: time(2), text: 5 }, { at: time(3), text: 6 }])).toEqual([5, 6]);
  });

  it('SE-113: what the bus has beyond what was written down counts, what it no longer has does not take back', () => {
    const written: LogPosition = {
      since: time(0),
      streams: { stdout: { time: time(7), count: 2 }, stderr: { time: time(9), count: 1 } },
      seq: 5,
    };
    const shown = {
      streams: { stdout: { time: time(8), count: 3 }, stderr: { time: time(9), count: 4 } },
      seq: 9,
    };
    expect(furthest(written, shown)).toEqual({ since: time(0), ...shown });
    expect(furthest({ ...written, ...shown }, written)).toEqual({ since: time(0), ...shown });
  });
});
