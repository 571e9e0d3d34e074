/** The part of the bus contract about who receives what. */
import { type BusMessage, CHANNELS } from '@pulsewire/shared-schema';
import { expect, it } from 'vitest';
import type { BusBench } from './bus-contract.test-support.js';
import { alertNamed, createBusRecorder, publishAlerts } from './bus-recorder.test-support.js';

const { metrics, events } = CHANNELS;
const FOREIGN = '{"type":"system_metric",  "data":{"time":"2026-01-17T04:30:00Z"}}\n';

export function describeDelivery(bench: () => BusBench): void {
  it('RT-50: messages published, arrive once, in order, with their log id at the end', async () => {
    const recorder = createBusRecorder();
    const subscription = bench().subscriber.subscribe({ channels: [metrics], ...recorder });
    await subscription.ready;
    const names = Array.from({ length: 1200 }, (_, index) => `n${index}`);
    publishAlerts(bench().publisher, metrics, names);
    await recorder.count(names.length);
    expect(recorder.names()).toEqual(names);
    const [first] = recorder.deliveries;
    expect(JSON.parse(String(first?.bytes))).toEqual({ ...alertNamed('n0'), id: first?.id });
    expect(String(first?.bytes).endsWith(`,"id":"${first?.id}"}`)).toBe(true);
    expect(subscription.lastId(metrics)).toBe(recorder.deliveries.at(-1)?.id);
  });

  it('RT-51: a subscriber without position, begins with what comes next', async () => {
    publishAlerts(bench().publisher, metrics, ['before']);
    await bench().publisher.flush(5000);
    const recorder = createBusRecorder();
    const subscription = bench().subscriber.subscribe({ channels: [metrics], ...recorder });
    await subscription.ready;
    expect(subscription.lastId(metrics)).toBeNull();
    publishAlerts(bench().publisher, metrics, ['after']);
    await recorder.count(1);
    expect(recorder.names()).toEqual(['after']);
  });

  it('RT-52: a subscriber with a position, receives everything after it, then goes on live', async () => {
    publishAlerts(bench().publisher, metrics, ['a', 'b', 'c']);
    await bench().publisher.flush(5000);
    const { entries } = await bench().subscriber.readLog(metrics, { after: null, limit: 10 });
    const recorder = createBusRecorder();
    const after = { [metrics]: String(entries[0]?.id) };
    await bench().subscriber.subscribe({ channels: [metrics], after, ...recorder }).ready;
    publishAlerts(bench().publisher, metrics, ['d']);
    await recorder.count(3);
    expect(recorder.names()).toEqual(['b', 'c', 'd']);
    expect(recorder.deliveries.map(({ recovered }) => recovered)).toEqual([true, true, false]);
    expect(recorder.gaps).toEqual([]);
  });

  it('RT-53: a position that the log does not have any more, tells the gap and delivers what there is', async () => {
    publishAlerts(bench().publisher, metrics, ['a', 'b']);
    await bench().publisher.flush(5000);
    const recorder = createBusRecorder();
    bench().subscriber.subscribe({ channels: [metrics], after: { [metrics]: '5-0' }, ...recorder });
    await recorder.count(2);
    expect(recorder.names()).toEqual(['a', 'b']);
    expect(recorder.gaps).toEqual([{ channel: metrics, after: '5-0' }]);
  });

  it('RT-54: two channels and two subscribers, each receives its own', async () => {
    const both = createBusRecorder();
    const one = createBusRecorder();
    await bench().subscriber.subscribe({ channels: [metrics, events], ...both }).ready;
    await bench().subscriber.subscribe({ channels: [events], ...one }).ready;
    publishAlerts(bench().publisher, metrics, ['m']);
    publishAlerts(bench().publisher, events, ['e']);
    await Promise.all([both.count(2), one.count(1)]);
    expect(both.deliveries.map(({ channel }) => channel).sort()).toEqual([events, metrics]);
    expect(one.names()).toEqual(['e']);
  });

  it('RT-55: a subscription that was stopped, receives nothing more, and others go on', async () => {
    const stopped = createBusRecorder();
    const other = createBusRecorder();
    const subscription = bench().subscriber.subscribe({ channels: [metrics], ...stopped });
    await subscription.ready;
    await bench().subscriber.subscribe({ channels: [metrics], ...other }).ready;
    await subscription.stop();
    publishAlerts(bench().publisher, metrics, ['a']);
    await other.count(1);
    expect(stopped.deliveries).toEqual([]);
  });

  it('RT-56: a handler that throws, receives the next message all the same', async () => {
    const recorder = createBusRecorder();
    const onMessage: typeof recorder.onMessage = (delivery) => {
      recorder.onMessage(delivery);
      throw new Error('broken handler');
    };
    await bench().subscriber.subscribe({ channels: [metrics], onMessage }).ready;
    publishAlerts(bench().publisher, metrics, ['a', 'b']);
    await recorder.count(2);
    expect(recorder.names()).toEqual(['a', 'b']);
  });

  it('RT-57: a publish from inside a handler, comes after what was published before, for everybody', async () => {
    const first = createBusRecorder();
    const second = createBusRecorder();
    const onMessage: typeof first.onMessage = (delivery) => {
      first.onMessage(delivery);
      if (first.deliveries.length === 1) publishAlerts(bench().publisher, metrics, ['inner']);
    };
    await bench().subscriber.subscribe({ channels: [metrics], onMessage }).ready;
    await bench().subscriber.subscribe({ channels: [metrics], ...second }).ready;
    publishAlerts(bench().publisher, metrics, ['outer']);
    await Promise.all([first.count(2), second.count(2)]);
    expect(first.names()).toEqual(['outer', 'inner']);
    expect(second.names()).toEqual(['outer', 'inner']);
  });

  it('RT-63: a foreign message, arrives byte for byte, without id', async () => {
    const recorder = createBusRecorder();
    await bench().subscriber.subscribe({ channels: [metrics], ...recorder }).ready;
    await bench().publishForeign(FOREIGN);
    await recorder.count(1);
    expect(String(recorder.deliveries[0]?.bytes)).toBe(FOREIGN);
    expect(recorder.deliveries[0]?.id).toBeNull();
  });

  it('RT-63: a foreign message with an id that is not at its end, arrives without it', async () => {
    const recorder = createBusRecorder();
    await bench().subscriber.subscribe({ channels: [metrics], ...recorder }).ready;
    await bench().publishForeign(`{"id":"999999999999999-0",${FOREIGN.slice(1)}`);
    await recorder.count(1);
    expect(String(recorder.deliveries[0]?.bytes)).toBe(FOREIGN);
    expect(recorder.deliveries[0]?.id).toBeNull();
  });

  it('RT-64: a foreign message with an id from the future, hides nothing that comes after it', async () => {
    const recorder = createBusRecorder();
    const subscription = bench().subscriber.subscribe({ channels: [metrics], ...recorder });
    await subscription.ready;
    publishAlerts(bench().publisher, metrics, ['a']);
    await recorder.count(1);
    await bench().publishForeign('{"type":"alert","data":{"alert_id":"forged"},"id":"999999999999999-0"}');
    await recorder.count(2);
    expect(recorder.deliveries[1]?.id).toBeNull();
    expect(JSON.parse(String(recorder.deliveries[1]?.bytes))).not.toHaveProperty('id');
    await bench().interrupt();
    publishAlerts(bench().publisher, metrics, ['b']);
    await bench().restore();
    await recorder.count(3);
    expect(recorder.names()).toEqual(['a', 'forged', 'b']);
    expect(subscription.lastId(metrics)).toBe(recorder.deliveries[2]?.id);
  });

  it('RT-65: a message that cannot be encoded, is left out, and the next one goes out', async () => {
    const recorder = createBusRecorder();
    await bench().subscriber.subscribe({ channels: [metrics], ...recorder }).ready;
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    bench().publisher.publish(metrics, { type: 'alert', data: circular } as unknown as BusMessage);
    publishAlerts(bench().publisher, metrics, ['a']);
    await recorder.count(1);
    expect(recorder.names()).toEqual(['a']);
  });
}
