import { describe, expect, it, vi } from 'vitest';
import { createStand, iso } from '../testing/fake-stream.test-support.js';
import { START_MS } from '../testing/manual-clock.test-support.js';
import { alert } from '../testing/messages.test-support.js';

describe('alerts', () => {
  it('WB-52: live, a toast and a listener’s call at once; repeated, neither again', () => {
    const stand = createStand();
    const listener = vi.fn();
    stand.store.onAlert(listener);
    stand.send(alert('1', 'firing', START_MS));
    stand.send(alert('1', 'firing', START_MS + 1));
    expect(listener.mock.calls.map(([{ news }]) => news)).toEqual(['began']);
    expect(stand.settle().toasts.map(({ id }) => id)).toEqual(['1']);
  });
  it('WB-52: of the snapshot, in the list without toast or call', () => {
    const stand = createStand();
    const listener = vi.fn();
    stand.store.onAlert(listener);
    stand.hello();
    stand.snapshot(alert('1', 'firing', START_MS));
    const { firing, toasts } = stand.settle();
    expect([firing.length, toasts.length, listener.mock.calls.length]).toEqual([1, 0, 0]);
  });
  it('WB-55: not told yet, not known; a snapshot of a live gateway without alerts, none', () => {
    const stand = createStand();
    const before = stand.settle().alertsKnown;
    stand.hello();
    stand.snapshot();
    expect([before, stand.settle().alertsKnown]).toEqual([false, true]);
  });
  it('WB-55: the gateway has no source, not known until it is back', () => {
    const stand = createStand();
    stand.hello({ state: 'degraded' });
    stand.snapshot();
    const before = stand.settle().alertsKnown;
    const data = { code: 200, message: 'OK', since: iso(START_MS), outage_ms: 1, recovered: 0 } as const;
    stand.stream.say({ type: 'status', data });
    expect([before, stand.settle().alertsKnown]).toEqual([false, true]);
  });
  it('WB-58: connection lost, what was firing is as of the last message, and of now when it is back', () => {
    const stand = createStand();
    stand.send(alert('1', 'firing', START_MS));
    const live = stand.settle().alertsAsOfMs;
    stand.stream.become({ name: 'waiting', attempt: 1, nextAtMs: START_MS + 60_000, reason: 'silent' });
    const lost = [0, 1].map(() => stand.settle().alertsAsOfMs);
    stand.stream.become({ name: 'live', sinceMs: START_MS });
    expect([live, lost, stand.settle().alertsAsOfMs]).toEqual([null, [START_MS, START_MS], null]);
  });
  it('WB-52: resolved, the toast of its beginning is replaced', () => {
    const stand = createStand();
    stand.send(alert('1', 'firing', START_MS));
    stand.send(alert('1', 'resolved', START_MS + 1));
    const { toasts, firing, recent } = stand.settle();
    expect(toasts.map((toast) => toast.alert.data.state)).toEqual(['resolved']);
    expect([firing.length, recent.length]).toEqual([0, 1]);
  });
  it('WB-45: a full snapshot does not name it, it ended unseen and its toast goes', () => {
    const stand = createStand();
    stand.send(alert('1', 'firing', START_MS));
    stand.hello();
    stand.snapshot(alert('2', 'firing', START_MS));
    const { firing, recent, toasts } = stand.settle();
    expect(firing.map(({ data }) => data.alert_id)).toEqual(['2']);
    expect(recent.map(({ data }) => data.alert_id)).toEqual(['1']);
    expect(toasts).toEqual([]);
  });
  it('WB-53: its time is over, the toast leaves by itself', () => {
    const stand = createStand();
    stand.send(alert('1', 'firing', START_MS, { severity: 'critical' }));
    stand.clock.advance(31_000);
    expect(stand.settle().toasts).toEqual([]);
  });
  it('WB-53: dismissed, the toast leaves at once and the alert stays listed', () => {
    const stand = createStand();
    stand.send(alert('1', 'firing', START_MS));
    stand.settle();
    stand.store.dismissToast('1');
    expect([stand.store.view().toasts.length, stand.store.view().firing.length]).toEqual([0, 1]);
  });
});
