import { describe, expect, it } from 'vitest';
import { type ParseResult, parseBusMessage, parseClientMessage } from './parse.js';

const METRIC = {
  time: '2026-01-17T04:30:00Z',
  metric_type: 'cpu',
  value: 45.2,
  source: 'host',
  meta: { unit: 'percent' },
};
const CONTAINER = { container: 'web', status: 'running', time: METRIC.time };

function messageOf(result: ParseResult<unknown>): string {
  return result.ok ? 'ok' : result.error.message;
}

function busError(type: string, data: object): string {
  return messageOf(parseBusMessage(JSON.stringify({ type, data })));
}

describe('what an error says', () => {
  it.each([
    [{ value: undefined }, 'data.value: is required'],
    [{ value: '45' }, 'data.value: must be a number'],
    [{ source: 'moon' }, 'data.source: must be one of host, container'],
    [{ time: 'today' }, 'data.time: must be a time in UTC such as 2026-01-17T04:30:00Z'],
    [{ meta: null }, 'data.meta: must be an object'],
    [{ meta: { host: '' } }, 'data.meta.host: must not be empty'],
    [{ meta: { core: 1.5 } }, 'data.meta.core: must be a whole number'],
    [{ meta: { core: -1 } }, 'data.meta.core: must be >= 0'],
    [{ meta: { host: 'x'.repeat(300) } }, 'data.meta.host: must not be longer than 256 characters'],
  ])('SS-20: a sample with %j, is told what to change', (change, message) => {
    expect(busError('system_metric', { ...METRIC, ...change })).toBe(message);
  });

  it('SS-20: a union, names every branch', () => {
    expect(busError('container_status', { ...CONTAINER, exit_code: 'x' })).toBe(
      'data.exit_code: must be a whole number or null',
    );
  });

  it('SS-20: a list with a wrong entry, names the entry and what is allowed', () => {
    const text = JSON.stringify({ type: 'subscribe', data: { topics: ['metrics', 'weather'] } });
    expect(messageOf(parseClientMessage(text))).toBe(
      'data.topics.1: must be one of metrics, alerts, containers, databases, events, logs',
    );
  });

  it('SS-20: a list without entries, is told to have one', () => {
    const text = JSON.stringify({ type: 'subscribe', data: { topics: [] } });
    expect(messageOf(parseClientMessage(text))).toBe('data.topics: must not be empty');
  });

  it('SS-20: neither string nor list, names both', () => {
    const text = JSON.stringify({ type: 'subscribe', data: { topics: 5 } });
    expect(messageOf(parseClientMessage(text))).toBe('data.topics: must be a string or a list');
  });

  it('SS-21: a value that is wrong, is not repeated', () => {
    expect(busError('system_metric', { ...METRIC, source: 'secret-token' })).not.toContain('secret-token');
  });

  it('SS-22: an unknown type, lists the known ones', () => {
    expect(busError('weather', {})).toBe(
      'unknown type; known are system_metric, container_status, alert, database_status, check_result, ' +
        'service_status, incident, log',
    );
  });
});
