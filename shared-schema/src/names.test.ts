import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LIMITS, RECONNECT_STEPS_MS } from './limits.js';
import { BUS_MESSAGE_TYPES } from './messages.js';
import { CHANNELS, CLOSE_CODES, DEFAULT_TOPICS, HTTP_ERRORS, REFUSALS, TOPICS } from './names.js';
import { TOPIC_OF } from './series.js';
import { LOG_ID_PATTERN, TIME_PATTERN } from './words.js';

const time = new RegExp(TIME_PATTERN);

describe('closed sets', () => {
  it('SS-40: topics, are those of the contract', () => {
    expect(TOPICS).toEqual(['metrics', 'alerts', 'containers', 'databases', 'events', 'logs']);
  });

  it('SS-40: by default, everything but logs is received', () => {
    expect(TOPICS.filter((topic) => !DEFAULT_TOPICS.includes(topic))).toEqual(['logs']);
  });

  it('SS-41: every message type, belongs to a topic, and every topic has one', () => {
    expect(Object.keys(TOPIC_OF)).toEqual(expect.arrayContaining(BUS_MESSAGE_TYPES));
    expect([...new Set(Object.values(TOPIC_OF))].sort()).toEqual([...TOPICS].sort());
  });

  it('SS-42: channels, close codes and statuses, are those of the contract', () => {
    expect(Object.values(CHANNELS)).toEqual(['system:metrics', 'system:events', 'system:logs']);
    expect(Object.values(CLOSE_CODES)).toEqual([1001, 1008, 1009, 1012, 1013, 4401]);
    expect(Object.entries(REFUSALS)).toEqual([
      ['unauthorized', 401],
      ['forbidden_origin', 403],
      ['not_found', 404],
      ['upgrade_required', 426],
      ['too_many_failures', 429],
      ['too_many_clients', 503],
      ['shutting_down', 503],
    ]);
    expect(HTTP_ERRORS).toMatchObject({ not_found: 404, method_not_allowed: 405, body_too_large: 413 });
  });

  it('SS-43: limits, are those of specification 001 and the contract', () => {
    expect(LIMITS).toMatchObject({ maxClients: 100, messagesPerSecond: 200, clientFrameBytes: 4096 });
    expect(RECONNECT_STEPS_MS).toEqual([2000, 5000, 10_000, 30_000]);
  });
});

describe('times and ids', () => {
  it.each([
    '2026-02-30T00:00:00Z',
    '2026-02-31T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-10T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '2026-01-32T00:00:00Z',
    '2026-01-17T24:00:00Z',
    '2026-01-17T04:60:00Z',
    '2026-01-17T04:30:60Z',
    '2026-01-17T04:30Z',
    '2026-01-17T04:30:00',
    '2026-01-17T04:30:00+09:00',
    '2026-01-17 04:30:00Z',
    '2026-01-17T04:30:00.Z',
    '2026-01-17T04:30:00Z\n',
  ])('SS-50: the time %j, is refused', (text) => {
    expect(time.test(text)).toBe(false);
  });

  it('SS-50: any moment as toISOString writes it, is accepted', () => {
    const range = {
      min: new Date('0000-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59Z'),
      noInvalidDate: true,
    };
    fc.assert(
      fc.property(fc.date(range), (date) => {
        expect(time.test(date.toISOString())).toBe(true);
      }),
    );
  });

  it('SS-51: any time that is accepted, is read as the second that it names', () => {
    fc.assert(
      fc.property(fc.stringMatching(time), (text) => {
        expect(Date.parse(text)).not.toBeNaN();
        const leapDay = text.slice(5, 10) === '02-29';
        if (!leapDay) expect(new Date(text).toISOString().slice(0, 19)).toBe(text.slice(0, 19));
      }),
    );
  });

  it.each(['1768624200000', '1-', '-1', 'a-b', '1-2-3', ' 1-2', '1234567890123456-0'])(
    'SS-52: the log id %j, is refused',
    (id) => {
      expect(new RegExp(LOG_ID_PATTERN).test(id)).toBe(false);
    },
  );
});
