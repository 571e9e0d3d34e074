/**
 * The load of a chaos run: alerts, container transitions and incidents in turn, numbered from 1, on few series, so
 * that a lost one shows even where newer news of the same series exists; samples between.
 */
import { type Bus, type Cancel, type Clock, isoTime } from '@pulsewire/runtime';
import type { BusMessage, Channel } from '@pulsewire/shared-schema';
import { CHANNELS } from '@pulsewire/shared-schema';

export interface ChaosLoad {
  stop(): void;
  /** Numbers given out so far: 1 … count. */
  count(): number;
}

export type Numbered = 'alert' | 'container_status' | 'incident';

const KINDS = ['incident', 'alert', 'container_status'] as const;
const SERIES = 5;
/** Every period brings one numbered message and the samples around it: 500 messages a second. */
const PERIOD_MS = 10;
const SAMPLES_EACH = 4;

export function startChaosLoad(bus: Bus, clock: Clock): ChaosLoad {
  let count = 0;
  const cancel: Cancel = clock.every(PERIOD_MS, () => {
    const time = isoTime(clock.nowMs());
    count += 1;
    bus.publish(channelOf(count), numbered(count, time));
    for (let index = 0; index < SAMPLES_EACH; index += 1)
      bus.publish(CHANNELS.metrics, sample(index, count, time));
  });
  return { stop: cancel, count: () => count };
}

/** The channel that carries a number; order is kept within a channel. */
export function channelOf(number: number): Channel {
  return kindOf(number) === 'incident' ? CHANNELS.events : CHANNELS.metrics;
}

/** The number of a message of {@link startChaosLoad}, or `null` for any other. */
export function numberOf(message: BusMessage): number | null {
  if (message.type === 'alert') return message.data.value;
  if (message.type === 'container_status') return message.data.exit_code ?? null;
  if (message.type === 'incident') return Number(message.data.title);
  return null;
}

function kindOf(number: number): Numbered {
  return KINDS[number % KINDS.length] ?? 'alert';
}

function numbered(number: number, time: string): BusMessage {
  const turn = Math.floor(number / KINDS.length);
  const series = `chaos-${turn % SERIES}`;
  // Every message changes its series' state, or a gateway might hold it for a repetition.
  const even = Math.floor(turn / SERIES) % 2 === 0;
  const kind = kindOf(number);
  if (kind === 'alert') return alert(number, series, even ? 'firing' : 'resolved', time);
  if (kind === 'container_status') {
    const data = { container: series, id: series, host: 'chaos', exit_code: number, time };
    return { type: kind, data: { ...data, status: even ? 'running' : 'exited' } };
  }
  const data = { incident_id: series, title: String(number), severity: 'minor', services: [], time };
  return { type: kind, data: { ...data, action: even ? 'created' : 'resolved', status: 'open' } };
}

function alert(number: number, series: string, state: 'firing' | 'resolved', time: string): BusMessage {
  return {
    type: 'alert',
    data: {
      alert_id: series,
      rule: 'chaos',
      state,
      severity: 'warning',
      metric_type: 'cpu',
      source: 'host',
      value: number,
      threshold: 0,
      message: '',
      time,
      started_at: time,
      host: 'chaos',
    },
  };
}

function sample(index: number, value: number, time: string): BusMessage {
  const meta = { unit: 'percent', host: `chaos-${index}` };
  return { type: 'system_metric', data: { time, metric_type: 'cpu', value, source: 'host', meta } };
}
