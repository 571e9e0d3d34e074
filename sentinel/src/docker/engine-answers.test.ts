import type { ContainerStatus } from '@pulsewire/shared-schema';
import { parseBusMessage } from '@pulsewire/shared-schema/parse';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fakeEvent } from '../test-support/fake-engine.js';
import { applyEvent, applyLook } from './container-change.js';
import { parseEvent } from './container-event.js';
import { cleanName, parseInspected, parseListed } from './container-facts.js';
import { renderStatus } from './container-message.js';
import { parseStats } from './container-stats.js';
import { createLineSplitter } from './line-splitter.js';

const NOW_MS = Date.UTC(2026, 0, 17, 4, 30);
const expectValid = (message: ContainerStatus) =>
  expect(parseBusMessage(JSON.stringify(message))).toMatchObject({ ok: true });

const anyName = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.string({ unit: 'grapheme', minLength: 200, maxLength: 400 }),
  fc.constantFrom('', '/', ' ', 'a b', '한국어', '\u0000', '\ud800', '__proto__'),
);
/** Anything at all, with the field names that are looked for thrown in. */
const anyAnswer = fc.anything({
  key: fc.constantFrom(
    'Id',
    'Names',
    'Name',
    'State',
    'Status',
    'Health',
    'StartedAt',
    'ExitCode',
    'Image',
    'Config',
    'Action',
    'Actor',
    'ID',
    'Attributes',
    'timeNano',
    'read',
    'cpu_stats',
    'memory_stats',
    'networks',
    '__proto__',
  ),
  values: [
    fc.constantFrom<unknown>('c1', 'running', 'start', '2026-01-17T04:30:00Z', 1e18, -1, Number.NaN, null),
    fc.string(),
  ],
  maxDepth: 4,
});

describe('answers of the engine', () => {
  it('SE-61: any name in an event, a valid message', () => {
    fc.assert(
      fc.property(anyName, anyName, anyName, (name, oldName, image) => {
        const start = parseEvent(fakeEvent('start', 'c1', name, NOW_MS, { image }));
        const rename = parseEvent(fakeEvent('rename', 'c1', name, NOW_MS, { oldName }));
        if (start === null || rename === null) throw new Error('not understood');
        const started = applyEvent(undefined, start);
        const renamed = applyEvent(started.facts ?? undefined, rename);
        for (const { report } of [started, renamed])
          if (report !== null) expectValid(renderStatus(report, 'host', NOW_MS));
      }),
    );
  });

  it('SE-61: any name in a list or an inspection, a valid message', () => {
    fc.assert(
      fc.property(anyName, anyName, (name, image) => {
        const listed = parseListed({ Id: 'c1', Names: [name], State: 'running', Image: image });
        const inspected = parseInspected({
          Id: 'c1',
          Name: name,
          State: { Status: 'paused' },
          Config: { Image: image },
        });
        for (const facts of [listed, inspected]) {
          if (facts === null) throw new Error('not understood');
          expectValid(renderStatus({ facts }, 'host', NOW_MS));
        }
      }),
    );
  });

  it('SE-61: anything as an answer, no throw and only valid messages', () => {
    fc.assert(
      fc.property(anyAnswer, (answer) => {
        parseStats(answer);
        const event = parseEvent(answer);
        const change = event === null ? null : applyEvent(undefined, event);
        if (change?.report) expectValid(renderStatus(change.report, 'host', event?.timeMs ?? 0));
        for (const facts of [parseListed(answer), parseInspected(answer)])
          if (facts !== null)
            expectValid(renderStatus({ facts: applyLook(undefined, facts).facts ?? facts }, 'h', NOW_MS));
      }),
      { numRuns: 1000 },
    );
  });

  it.each([253_402_300_799, 253_402_300_800, 8.64e12, 1e15])(
    'SE-61: a container of the second %i, a valid message or none',
    (seconds) => {
      const event = parseEvent({ Action: 'start', Actor: { ID: 'c1' }, time: seconds });
      expect(event === null).toBe(seconds > 253_402_300_799);
      const StartedAt = seconds > 8.64e12 ? 'never' : new Date(seconds * 1000).toISOString();
      const facts = parseInspected({ Id: 'c1', State: { Status: 'running', StartedAt } });
      if (facts === null) throw new Error('not understood');
      expectValid(renderStatus({ facts }, 'host', event?.timeMs ?? NOW_MS));
    },
  );

  it('SE-61: the leading slash is not part of a name, and an empty name is the short id', () => {
    expect(cleanName('/api', 'abc')).toBe('api');
    expect(cleanName('/', '0123456789abcdef')).toBe('0123456789ab');
  });

  it('SE-61: an id that does not fit into a path is refused', () => {
    expect(parseListed({ Id: '../../images', State: 'running' })).toBeNull();
  });

  it.each([
    ['Up 2 minutes (healthy)', 'healthy'],
    ['Up 2 minutes (unhealthy)', 'unhealthy'],
    ['Up 3 seconds (health: starting)', 'starting'],
    ['Up 2 minutes', 'none'],
  ])('SE-55: the list says %j, health is %s', (Status, health) => {
    expect(parseListed({ Id: 'c1', State: 'running', Status })?.health).toBe(health);
  });

  it('SE-55: a health event, the new health', () => {
    const event = parseEvent(fakeEvent('health_status: unhealthy', 'c1', 'api', NOW_MS));
    expect(event).toMatchObject({ kind: 'health', health: 'unhealthy' });
  });

  it.each([
    'exec_start: sh',
    'exec_create: sh',
    'attach',
    'kill',
    'top',
    'resize',
    'constructor',
    'archive-path',
  ])('SE-51: %s changes no status and is left out', (action) => {
    expect(parseEvent(fakeEvent(action, 'c1', 'api', NOW_MS))).toBeNull();
  });

  it('SE-51: a container that never started has no start time', () => {
    const State = { Status: 'created', StartedAt: '0001-01-01T00:00:00Z' };
    expect(parseInspected({ Id: 'c1', State })?.startedAtMs).toBeNull();
  });
});

describe('the event stream', () => {
  it('SE-58: lines cut into chunks at any byte, the same lines', () => {
    const text = '{"a":"한국어"}\n\n{"b":2}\n{"c":"x y"}\n';
    const bytes = Buffer.from(text);
    fc.assert(
      fc.property(fc.array(fc.nat({ max: bytes.length }), { maxLength: 10 }), (cuts) => {
        const lines: string[] = [];
        const split = createLineSplitter((line) => lines.push(line));
        const ends = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        ends.slice(1).forEach((end, index) => {
          split(bytes.subarray(ends[index], end));
        });
        expect(lines).toEqual(['{"a":"한국어"}', '{"b":2}', '{"c":"x y"}']);
      }),
    );
  });

  it('SE-61: a line without end, dropped rather than kept, and the next one is read', () => {
    const lines: string[] = [];
    const split = createLineSplitter((line) => lines.push(line));
    for (let megabyte = 0; megabyte < 3; megabyte += 1) split(Buffer.alloc(1_000_000, 'x'));
    split(Buffer.from('\nnext\n'));
    expect(lines).toEqual(['next']);
  });
});
