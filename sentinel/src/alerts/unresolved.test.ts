import type { Alert } from '@pulsewire/shared-schema';
import { parseBusMessage } from '@pulsewire/shared-schema/parse';
import { BUS_DATA_SCHEMAS } from '@pulsewire/shared-schema/schemas';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRuns, HOST } from '../test-support/runs.js';
import { renderEnd } from './alert-message.js';
import { createUnresolved } from './unresolved.js';

const ALERT_FIELDS = Object.keys(BUS_DATA_SCHEMAS.alert.properties);

/** Alerts of every kind that a sentinel raises: about the host, a core, a mount, a container. */
function raiseAll(): Alert[] {
  const runs = createRuns('cpu>90; cpu_core>90; disk>90; container mem>90; container exited critical');
  runs.adopt();
  runs.read([
    { source: 'host', metricType: 'cpu', value: 99 },
    { source: 'host', metricType: 'cpu_core', value: 99, core: 3 },
  ]);
  runs.read([{ source: 'host', metricType: 'disk', value: 99, mount: `/${'m'.repeat(300)}` }], 'disk');
  runs.read(
    [{ source: 'container', metricType: 'mem', value: 99, container: 'api', containerId: 'c'.repeat(64) }],
    'docker',
  );
  runs.container('c9', 'exited', 1);
  return runs.alerts;
}

const encode = (message: unknown) => Buffer.from(JSON.stringify(message));
const resolved = ({ data }: Alert): Alert => ({ type: 'alert', data: { ...data, state: 'resolved' } });

function fold(entries: readonly Buffer[], host = HOST): string[] {
  const unresolved = createUnresolved(host);
  for (const bytes of entries) unresolved.note(bytes);
  return unresolved.all().map(({ data }) => data.alert_id);
}

describe('the alerts that a log leaves unresolved', () => {
  it('SE-40: of every kind, those that fired and did not resolve, oldest first', () => {
    const alerts = raiseAll();
    const entries = [...alerts, ...alerts.slice(1, 3).map(resolved)].map(encode);
    expect(alerts).toHaveLength(5);
    expect(fold(entries)).toEqual([0, 3, 4].map((index) => alerts[index]?.data.alert_id));
  });

  it('SE-40: of a flood, the newest thousand', () => {
    const runs = createRuns('cpu>90');
    runs.release();
    for (let round = 0; round < 1001; round += 1) {
      runs.cpu(99);
      runs.cpu(10);
    }
    const firing = runs.alerts.filter(({ data }) => data.state === 'firing');
    const ids = fold(firing.map(encode));
    expect(ids).toEqual(firing.slice(1).map(({ data }) => data.alert_id));
  });

  it('SE-44: resolved without having fired (the log was trimmed), nothing', () => {
    expect(fold(raiseAll().map(resolved).map(encode))).toEqual([]);
  });

  it('SE-44: of another host, or with an id that does not follow from the fields, left alone', () => {
    const [alert] = raiseAll();
    const foreign = { ...alert, data: { ...alert?.data, alert_id: 'web-1:disk' } };
    expect(fold(raiseAll().map(encode), 'web-2')).toEqual([]);
    expect(fold([encode(foreign)])).toEqual([]);
  });

  it('SE-44: about a container that it does not name, it fits no rule and is not touched', () => {
    const runs = createRuns('container exited');
    const id = `${HOST}:container_exited::1768624200000`;
    const [alert] = raiseAll();
    const { container: _name, container_id: _id, ...data } = { ...alert?.data };
    const started_at = '2026-01-17T04:30:00.000Z';
    runs.adopt([
      encode({ type: 'alert', data: { ...data, rule: 'container exited', alert_id: id, started_at } }),
    ]);
    expect(runs.alerts).toEqual([]);
  });

  const anyField = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom(Number.MAX_VALUE, -1, 1.5, '', 'x'.repeat(5000), null, '2026-01-17T04:30:00Z'),
  );

  it('SE-44: any field odd, it is not ours, or what is said of it is valid', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...raiseAll()),
        fc.constantFrom(...ALERT_FIELDS),
        anyField,
        (alert, field, value) => {
          const unresolved = createUnresolved(HOST);
          unresolved.note(encode({ type: 'alert', data: { ...alert.data, [field]: value } }));
          for (const found of unresolved.all())
            expect(parseBusMessage(encode(renderEnd(found, 'superseded', 0)))).toMatchObject({ ok: true });
        },
      ),
    );
  });

  it('SE-44: any bytes, also behind the start of an alert, throw nothing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (tail, asAlert) => {
        const start = asAlert ? '{"type":"alert","data":' : '';
        expect(fold([Buffer.concat([Buffer.from(start), tail])])).toEqual([]);
      }),
    );
  });
});
