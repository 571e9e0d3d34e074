import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPriming } from './priming.js';
import { createSnapshot } from './snapshot.js';
import { alert, arrival, metric, status } from './testing/messages.js';
import { selectionOf } from './testing/session-rig.js';

const container = fc.constantFrom('shop', 'cart');
const message = fc.oneof(
  fc
    .record({ value: fc.nat(99), container })
    .map(({ value, container: name }) =>
      metric({ value }, { unit: 'percent', host: 'web-1', container: name }),
    ),
  fc.nat(99).map((value) => metric({ value })),
  fc
    .record({
      alert_id: fc.constantFrom('a', 'b'),
      state: fc.constantFrom('firing', 'resolved'),
      value: fc.nat(99),
    })
    .map((data) => alert(data as Parameters<typeof alert>[0])),
  fc
    .record({ container, how: fc.constantFrom({}, { removed: true }, { previous_name: 'cart' }) })
    .map(({ container: name, how }) => status({ container: name, ...how })),
);

const told = (snapshot: ReturnType<typeof createSnapshot>) =>
  snapshot.collect(selectionOf()).map(({ payload }) => String(payload));

describe('priming', () => {
  it('GW-111: whatever comes before the end, in it and live, the snapshot is that of all in their order', () => {
    const messages = fc.array(message, { maxLength: 20 });
    fc.assert(
      fc.property(messages, messages, messages, (old, end, live) => {
        const [whole, snapshot] = [createSnapshot(), createSnapshot()];
        const priming = createPriming(snapshot);
        const late = [...end, ...live].map((each, index) => arrival(each, { seq: index + 1 }));
        const early = old.map((each, index) => arrival(each, { seq: index - 1000 }));
        for (const each of [...early, ...late]) whole.note(each);
        for (const each of late.slice(0, end.length)) priming.note(each);
        for (const each of early) priming.noteOld(each);
        for (const each of late.slice(end.length)) priming.note(each);
        priming.finish();
        expect(told(snapshot)).toEqual(told(whole));
      }),
    );
  });

  it('GW-111: before all is read, the snapshot has what came last and nothing that lies before', () => {
    const snapshot = createSnapshot();
    const priming = createPriming(snapshot);
    priming.note(arrival(metric({ value: 2 })));
    priming.noteOld(arrival(alert(), { seq: -1 }));
    const before = told(snapshot);
    priming.finish();
    expect([before.length, told(snapshot).length]).toEqual([1, 2]);
  });

  it('GW-111: what lies before is read again, what was read of it is forgotten', () => {
    const snapshot = createSnapshot();
    const priming = createPriming(snapshot);
    priming.noteOld(arrival(alert(), { seq: -1 }));
    priming.restartOld();
    priming.finish();
    expect(snapshot.size()).toBe(0);
  });

  it('GW-111: the end is read again, what waited of it is forgotten', () => {
    const snapshot = createSnapshot();
    const priming = createPriming(snapshot);
    priming.note(arrival(alert()));
    priming.restart();
    priming.finish();
    expect(snapshot.size()).toBe(0);
  });
});
