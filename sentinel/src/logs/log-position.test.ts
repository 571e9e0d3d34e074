import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLogTracker, furthest, type LogPosition } from './log-position.js';

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

function read(position: LogPosition, lines: readonly Line[]) {
  const tracker = createLogTracker(position);
  tracker.rewind();
  const fresh = lines.filter((line) => tracker.isNew(line.stream, line.time)).map(({ text }) => text);
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

  it('SE-112: a line that was open when the position was taken, asked for again from its beginning', () => {
    const tracker = createLogTracker(START);
    tracker.isNew('stderr', time(50));
    expect(tracker.position([time(3)]).since).toBe(time(3));
    expect(tracker.position().since).toBe(time(45));
  });

  it('SE-112: lines from before the start that an engine sends all the same, not new', () => {
    const tracker = createLogTracker({ ...START, since: time(5) });
    expect([tracker.isNew('stdout', time(4)), tracker.isNew('stdout', time(5))]).toEqual([false, true]);
  });

  it('SE-112: read again within one process, nothing twice', () => {
    const tracker = createLogTracker(START);
    const lines = [1, 1, 2, 2, 2].map(time);
    expect(lines.filter((line) => tracker.isNew('stdout', line))).toHaveLength(5);
    tracker.rewind();
    const again = [...lines, time(2), time(3)].filter((line) => tracker.isNew('stdout', line));
    expect(again).toEqual([time(2), time(3)]);
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
