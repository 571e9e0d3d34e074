import type { Alert } from '@pulsewire/shared-schema';
import { parseBusMessage } from '@pulsewire/shared-schema/parse';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Sample } from '../sample.js';
import { createRuns } from '../test-support/runs.js';

const disk = (mount: string, value: number): Sample => ({ source: 'host', metricType: 'disk', value, mount });

/** A run that left an alert about CPU firing since second 1, and a new one that has not read the log yet. */
function leaveFiring(rules = 'cpu>90', rulesAfter = rules) {
  const runs = createRuns(rules);
  runs.adopt();
  runs.cpu(99);
  runs.restart(rulesAfter);
  return runs;
}

describe('an alert that an earlier run left firing', () => {
  it('SE-41: it goes on silently, and resolves under its old id', () => {
    const runs = leaveFiring();
    runs.adopt();
    runs.cpu(99);
    runs.cpu(10);
    expect(runs.says()).toEqual(['firing 1', 'resolved 1']);
    expect(runs.alerts[1]?.data.alert_id).toBe(runs.alerts[0]?.data.alert_id);
  });

  it('SE-41: between threshold and clear, it still goes on', () => {
    const runs = leaveFiring('cpu>90 clear 80');
    runs.adopt();
    runs.cpu(85);
    expect(runs.says()).toEqual(['firing 1']);
  });

  it('SE-41: its condition is being timed anew, it is taken over and does not fire again', () => {
    const runs = createRuns('cpu>90 for 5s');
    runs.adopt();
    for (let second = 0; second < 8; second += 1) runs.cpu(99);
    runs.restart('cpu>90 for 5s');
    runs.cpu(99);
    runs.adopt();
    for (let second = 0; second < 8; second += 1) runs.cpu(99);
    runs.cpu(10);
    expect(runs.says()).toEqual(['firing 1', 'resolved 1']);
  });

  it('SE-45: true before the log was read, held back and taken over', () => {
    const runs = leaveFiring();
    runs.cpu(99);
    runs.adopt();
    expect(runs.says()).toEqual(['firing 1']);
  });

  it('SE-45: true before the log was read, and nothing in the log: fires then, since its first reading', () => {
    const runs = createRuns('cpu>90 for 2s');
    for (let second = 0; second < 4; second += 1) runs.cpu(99);
    expect(runs.says()).toEqual([]);
    runs.adopt();
    expect(runs.says()).toEqual(['firing 1']);
  });

  it('SE-42: several about one series, the newest goes on and the others end', () => {
    const runs = leaveFiring();
    runs.adopt([]);
    runs.cpu(99);
    runs.restart('cpu>90');
    runs.adopt();
    expect(runs.says()).toEqual(['firing 1', 'firing 3', 'resolved 1']);
    expect(runs.alerts[2]?.data.message).toBe(
      'Rule cpu>90 fires anew since a restart of the sentinel on web-1',
    );
  });

  it('SE-43: its rule is not configured any more, resolved with the reason and its last value', () => {
    const runs = leaveFiring('cpu>90', 'cpu>95');
    runs.adopt();
    expect(runs.alerts[1]?.data).toMatchObject({
      ...runs.alerts[0]?.data,
      state: 'resolved',
      time: '2026-01-17T04:30:02.000Z',
      message: 'Rule cpu>90 is not configured any more on web-1',
    });
  });

  it('SE-47: a mount that is not there any more, resolved after ten seconds without it', () => {
    const runs = createRuns('disk>90');
    runs.adopt();
    runs.read([disk('/usb', 99)], 'disk');
    runs.restart('disk>90');
    runs.adopt();
    for (let second = 0; second < 9; second += 1) runs.read([disk('/', 10)], 'disk');
    expect(runs.says()).toEqual(['firing 1']);
    runs.read([disk('/', 10)], 'disk');
    expect(runs.alerts.at(-1)?.data.message).toBe('disk /usb is not there any more on web-1');
  });

  it('SE-47: a container that was removed meanwhile, resolved with the next list', () => {
    const runs = createRuns('container exited');
    runs.adopt();
    runs.container('c1', 'exited', 3);
    runs.container('c2', 'exited', 3);
    runs.restart('container exited');
    runs.adopt();
    runs.list('c2', 'c3');
    expect(runs.says()).toEqual(['firing 1', 'firing 2', 'resolved 1']);
    expect(runs.alerts.at(-1)?.data.message).toBe('Container name-c1 was removed on web-1');
  });

  it('SE-41: a container that runs again, resolved under its old id', () => {
    const runs = createRuns('container exited');
    runs.adopt();
    runs.container('c1', 'exited', 3);
    runs.restart('container exited');
    runs.container('c1', 'exited', 3);
    runs.adopt();
    runs.container('c1', 'running');
    expect(runs.says()).toEqual(['firing 1', 'resolved 1']);
  });

  it('SE-42: it fires already under a new id, the old one ends and the new one goes on', () => {
    const runs = leaveFiring();
    runs.release();
    runs.cpu(99);
    runs.adopt();
    runs.cpu(10);
    expect(runs.says()).toEqual(['firing 1', 'firing 3', 'resolved 1', 'resolved 3']);
  });

  it('SE-48: fired and resolved in this run, and the log lags behind: left alone', () => {
    const runs = createRuns('cpu>90');
    runs.release();
    runs.cpu(99);
    const behind = [...runs.log];
    runs.cpu(10);
    runs.adopt(behind);
    runs.cpu(10);
    expect(runs.says()).toEqual(['firing 1', 'resolved 1']);
  });

  it('SE-49: two sentinels with one host name, each ends what the other says at most once', () => {
    const first = createRuns('cpu>90');
    first.adopt();
    first.cpu(99);
    for (let start = 0; start < 5; start += 1) {
      const second = createRuns('cpu>90', first.log);
      second.adopt();
      for (let reading = 0; reading < 5; reading += 1) second.cpu(10);
      first.cpu(99);
    }
    const said = first.log.map((bytes) => String(bytes));
    expect(said.map((text) => /"state":"(\w+)"/.exec(text)?.[1])).toEqual(['firing', 'resolved']);
  });
});

describe('any life of a sentinel', () => {
  const action = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('cpu 99', 'cpu 85', 'cpu 10', 'cpu 97') },
    { weight: 2, arbitrary: fc.constantFrom('c1 fails', 'c1 runs', 'list c1', 'list') },
    { weight: 2, arbitrary: fc.constantFrom('adopt', 'adopt', 'late', 'log unreadable') },
    { weight: 1, arbitrary: fc.constantFrom('restart', 'restart with other rules') },
  );
  const RULES = 'cpu>90 clear 80; cpu>95 for 2s; container exited';
  const OTHER_RULES = 'cpu>95 for 2s; container unhealthy; container exited critical';

  /** The log is read at most once a run, as the edge promises. */
  function live(actions: readonly string[]) {
    const runs = createRuns(RULES);
    let mayAdopt = true;
    const restart = (rules: string) => {
      runs.restart(rules);
      mayAdopt = true;
    };
    const once = (adopt: () => void) => {
      if (mayAdopt) adopt();
      mayAdopt = false;
    };
    const perform: Record<string, () => void> = {
      'cpu 99': () => runs.cpu(99),
      'cpu 97': () => runs.cpu(97),
      'cpu 85': () => runs.cpu(85),
      'cpu 10': () => runs.cpu(10),
      'c1 fails': () => runs.container('c1', 'exited', 1),
      'c1 runs': () => runs.container('c1', 'running'),
      'list c1': () => runs.list('c1'),
      list: () => runs.list(),
      adopt: () => once(() => runs.adopt()),
      'log unreadable': () => once(() => runs.adopt([])),
      late: () => runs.release(),
      restart: () => restart(RULES),
      'restart with other rules': () => restart(OTHER_RULES),
    };
    for (const name of actions) perform[name]?.();
    return runs;
  }

  it('SE-48: whatever happens, each id fires once and then resolves at most once, with valid messages', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60, size: 'max' }), (actions) => {
        const runs = live(actions);
        for (const [, states] of statesById(runs.alerts))
          expect(['firing', 'firing resolved']).toContain(states.join(' '));
        for (const bytes of runs.log) expect(parseBusMessage(bytes)).toMatchObject({ ok: true });
      }),
    );
  });

  it('SE-48: whatever happened, after a start with all well nothing is left firing', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60, size: 'max' }), (actions) => {
        const runs = live([...actions, 'restart', 'adopt', 'cpu 10', 'c1 runs']);
        for (const [, states] of statesById(runs.alerts)) expect(states.at(-1)).toBe('resolved');
      }),
    );
  });
});

function statesById(alerts: readonly Alert[]): Map<string, string[]> {
  const states = new Map<string, string[]>();
  for (const { data } of alerts)
    states.set(data.alert_id, [...(states.get(data.alert_id) ?? []), data.state]);
  return states;
}
