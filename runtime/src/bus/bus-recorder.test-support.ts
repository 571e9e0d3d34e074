/** For tests of buses: messages to publish, and a record of what was delivered that can be awaited. */
import type { Alert, Channel, SystemMetric } from '@pulsewire/shared-schema';
import type { Bus, BusState, Delivery, DeliveryGap } from './bus.js';

export interface BusRecorder {
  readonly deliveries: Delivery[];
  readonly gaps: DeliveryGap[];
  readonly onMessage: (delivery: Delivery) => void;
  readonly onGap: (gap: DeliveryGap) => void;
  /** Resolves when the record satisfies the condition. */
  until(condition: (recorder: BusRecorder) => boolean): Promise<void>;
  /** Resolves when so many messages were delivered. */
  count(messages: number): Promise<void>;
  /** The `alert_id`s or foreign texts delivered, in order. */
  names(): string[];
}

export function createBusRecorder(): BusRecorder {
  const waiting = new Set<() => void>();
  const check = () => {
    for (const look of [...waiting]) look();
  };
  const recorder: BusRecorder = {
    deliveries: [],
    gaps: [],
    onMessage(delivery) {
      recorder.deliveries.push(delivery);
      check();
    },
    onGap(gap) {
      recorder.gaps.push(gap);
      check();
    },
    until: (condition) =>
      new Promise((resolve) => {
        const look = () => {
          if (!condition(recorder)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    count: (messages) => recorder.until(({ deliveries }) => deliveries.length >= messages),
    names: () => recorder.deliveries.map(({ bytes }) => nameOf(bytes)),
  };
  return recorder;
}

/** Resolves when the bus is in this state (at once, when it is). */
export function busIs(bus: Bus, status: BusState['status']): Promise<BusState> {
  if (bus.state.status === status) return Promise.resolve(bus.state);
  return new Promise((resolve) => {
    const end = bus.onState((state) => {
      if (state.status !== status) return;
      end();
      resolve(state);
    });
  });
}

/** A transition with a name of its own. */
export function alertNamed(name: string): Alert {
  return {
    type: 'alert',
    data: {
      alert_id: name,
      rule: 'cpu>90',
      state: 'firing',
      severity: 'warning',
      metric_type: 'cpu',
      source: 'host',
      value: 93.5,
      threshold: 90,
      message: 'cpu is 93.5 %',
      time: '2026-01-17T04:30:00Z',
      started_at: '2026-01-17T04:29:30Z',
      host: 'alpha',
    },
  };
}

/** A sample. */
export function cpuSample(value: number): SystemMetric {
  return {
    type: 'system_metric',
    data: {
      time: '2026-01-17T04:30:00Z',
      metric_type: 'cpu',
      value,
      source: 'host',
      meta: { unit: 'percent', host: 'alpha' },
    },
  };
}

export function publishAlerts(bus: Pick<Bus, 'publish'>, channel: Channel, names: readonly string[]): void {
  for (const name of names) bus.publish(channel, alertNamed(name));
}

function nameOf(bytes: Buffer): string {
  return /"alert_id":"([^"]*)"/.exec(bytes.toString())?.[1] ?? bytes.toString();
}
