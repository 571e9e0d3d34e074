/** A publisher that numbers what must not be lost: alerts and container transitions in turn, samples between. */
import type { Bus, Cancel, Clock } from '@pulsewire/runtime';
import { isoTime } from '@pulsewire/runtime';
import type { BusMessage, FeedMessage } from '@pulsewire/shared-schema';
import { CHANNELS } from '@pulsewire/shared-schema';

export interface OutageLoad {
  readonly periodMs: number;
  start(): void;
  stop(): void;
  /** Numbers given out so far: 1 … count. */
  count(): number;
  /** Resolves when the count has been reached. */
  published(count: number): Promise<void>;
}

/** Samples per numbered message: the load around what is checked. */
const SAMPLES_EACH = 4;
const PERIOD_MS = 20;

export function createOutageLoad(bus: Bus, clock: Clock): OutageLoad {
  let count = 0;
  let cancel: Cancel = () => undefined;
  const waiting = new Map<number, () => void>();

  function tick(): void {
    const time = isoTime(clock.nowMs());
    count += 1;
    bus.publish(
      CHANNELS.metrics,
      count % 2 === 0 ? numberedAlert(count, time) : numberedContainer(count, time),
    );
    for (let i = 0; i < SAMPLES_EACH; i += 1) bus.publish(CHANNELS.metrics, sample(i, count, time));
    waiting.get(count)?.();
    waiting.delete(count);
  }

  return {
    periodMs: PERIOD_MS,
    start() {
      cancel = clock.every(PERIOD_MS, tick);
    },
    stop: () => cancel(),
    count: () => count,
    published: (wanted) =>
      count >= wanted ? Promise.resolve() : new Promise((resolve) => waiting.set(wanted, resolve)),
  };
}

/** The number of a message that {@link createOutageLoad} made, or `null` for a sample. */
export function numberOf(message: BusMessage | FeedMessage): number | null {
  if (message.type === 'alert') return message.data.value;
  if (message.type === 'container_status') return message.data.exit_code ?? null;
  return null;
}

function numberedAlert(number: number, time: string): BusMessage {
  return {
    type: 'alert',
    data: {
      alert_id: `load-${number}`,
      rule: 'load',
      state: 'firing',
      severity: 'warning',
      metric_type: 'cpu',
      source: 'host',
      value: number,
      threshold: 0,
      message: `number ${number}`,
      time,
      started_at: time,
      host: 'load',
    },
  };
}

function numberedContainer(number: number, time: string): BusMessage {
  return {
    type: 'container_status',
    data: {
      container: `c${number}`,
      id: `c${number}`,
      status: 'exited',
      time,
      host: 'load',
      exit_code: number,
    },
  };
}

function sample(index: number, value: number, time: string): BusMessage {
  const meta = { unit: 'percent', host: `load-${index}` };
  return { type: 'system_metric', data: { time, metric_type: 'cpu', value, source: 'host', meta } };
}
