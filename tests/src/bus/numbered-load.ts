/** Alerts that are numbered, published all the time, and judged by their numbers where they arrive. */
import { type Bus, systemClock } from '@pulsewire/runtime';
import { type BusRecorder, createBusRecorder, publishAlerts } from '@pulsewire/runtime/bus-contract';
import type { Channel } from '@pulsewire/shared-schema';
import { expect } from 'vitest';

export interface NumberedLoad {
  /** Names published so far, in order. */
  names(): string[];
  stop(): void;
}

const PERIOD_MS = 5;
const EACH_PERIOD = 5;

export function startNumberedLoad(bus: Bus, channel: Channel): NumberedLoad {
  let published = 0;
  const names = (from: number) => Array.from({ length: published - from }, (_, index) => `n${from + index}`);
  const end = systemClock.every(PERIOD_MS, () => {
    const before = published;
    published += EACH_PERIOD;
    publishAlerts(bus, channel, names(before));
  });
  return { names: () => names(0), stop: end };
}

/** A subscription that is ready, and what it received. */
export async function listen(bus: Bus, channels: readonly Channel[]): Promise<BusRecorder> {
  const recorder = createBusRecorder();
  await bus.subscribe({ channels, ...recorder }).ready;
  return recorder;
}

/** Awaits the last message of the load, and expects all of them, once and in order. */
export async function expectAll(load: NumberedLoad, recorder: BusRecorder): Promise<void> {
  const names = load.names();
  await recorder.count(names.length);
  expect(recorder.names()).toEqual(names);
  expect(recorder.gaps).toEqual([]);
}
