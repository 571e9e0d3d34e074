import type { BusMessage } from '@pulsewire/shared-schema';
import { describe, expect, it } from 'vitest';
import { channelOf, channelsOf, wants } from './route.js';
import { readSelection, type SelectionFields } from './selection.js';
import { alert, metric, status, TIME } from './testing/messages.js';

function selectionOf(fields: SelectionFields) {
  const result = readSelection(fields);
  if (!result.ok) throw new Error('bad selection');
  return result.selection;
}

const incident: BusMessage = {
  type: 'incident',
  data: {
    incident_id: 'i-1',
    action: 'created',
    title: 'down',
    status: 'investigating',
    severity: 'major',
    services: [],
    time: TIME,
  },
};
const log: BusMessage = {
  type: 'log',
  data: {
    service: 'shop',
    level: 'info',
    message: 'x',
    timestamp: TIME,
    host: 'web-1',
    stream: 'stdout',
    seq: 1,
  },
};
const database: BusMessage = {
  type: 'database_status',
  data: { name: 'main', kind: 'redis', status: 'up', latency_ms: 1, time: TIME, host: 'web-1' },
};

describe('routing', () => {
  it.each([
    ['GW-31', 'a metric by default', {}, metric(), true],
    ['GW-31', 'a log by default', {}, log, false],
    ['GW-31', 'a log that was asked for', { topics: 'logs' }, log, true],
    ['GW-31', 'an alert with topics=metrics', { topics: 'metrics' }, alert(), false],
    ['GW-32', 'a metric of the type', { metric_type: 'cpu' }, metric(), true],
    ['GW-32', 'a metric of another type', { metric_type: 'mem' }, metric(), false],
    ['GW-32', 'an alert beside metric_type', { metric_type: 'mem' }, alert(), true],
    ['GW-32', 'a message of the host', { host: 'web-1,web-2' }, metric(), true],
    ['GW-32', 'a message of another host', { host: 'web-2' }, metric(), false],
    ['GW-32', 'a message that could name a host and does not', { host: 'web-1' }, metric({}, {}), false],
    ['GW-32', 'an incident beside host and container', { host: 'x', container: 'y' }, incident, true],
    ['GW-32', 'a status of the container', { container: 'shop' }, status(), true],
    ['GW-32', 'a host metric beside container', { container: 'shop' }, metric(), false],
    ['GW-32', 'a log of the container', { topics: 'logs', container: 'shop' }, log, true],
    ['GW-32', 'a database beside container', { container: 'shop' }, database, true],
    ['GW-32', 'a database of another host', { host: 'web-2' }, database, false],
  ] as [string, string, SelectionFields, BusMessage, boolean][])(
    '%s: %s',
    (_rule, _name, fields, message, expected) => {
      expect(wants(selectionOf(fields), message)).toBe(expected);
    },
  );

  it('GW-46: the channels of a selection are those of its topics, each once', () => {
    expect(channelsOf(selectionOf({ topics: 'metrics,alerts,logs' }))).toEqual([
      'system:metrics',
      'system:logs',
    ]);
  });

  it('GW-46: a message travels on the channel of its topic', () => {
    expect([metric(), incident, log].map(channelOf)).toEqual([
      'system:metrics',
      'system:events',
      'system:logs',
    ]);
  });
});
