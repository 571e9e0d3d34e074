/** A small fleet on the bus: three hosts with twenty containers each, sending a given number of samples a second. */
import type { Bus, Clock } from '@pulsewire/runtime';
import { isoTime } from '@pulsewire/runtime';
import type { BusMessage } from '@pulsewire/shared-schema';
import { CHANNELS, CONTAINER_METRIC_UNITS, HOST_METRIC_UNITS } from '@pulsewire/shared-schema';

const HOSTS = ['atlas', 'boreas', 'ceres'];
const CONTAINERS_PER_HOST = 20;
const SLICES_PER_SECOND = 20;
const PAST_S = 300;

interface Series {
  host: string;
  container?: string;
  metricType: string;
  unit: string;
}

/** The last five minutes of what charts draw, a sample a second: a page that was open for long holds as much. */
export function publishFleetPast(bus: Bus, clock: Clock): void {
  const charted = HOSTS.flatMap(listSeries).filter(({ container }) => container === undefined);
  const nowMs = clock.nowMs();
  for (let agoS = PAST_S; agoS > 0; agoS -= 1)
    for (const series of charted)
      bus.publish(CHANNELS.metrics, sampleOf(series, agoS * 7, isoTime(nowMs - agoS * 1000)));
}

export function startFleetLoad(bus: Bus, clock: Clock, messagesPerSecond: number): { stop(): void } {
  const series = HOSTS.flatMap(listSeries);
  const startedAt = isoTime(clock.nowMs() - 3_600_000);
  for (const host of HOSTS) for (let n = 0; n < CONTAINERS_PER_HOST; n += 1) announce(host, n);
  let next = 0;

  function announce(host: string, n: number): void {
    const container = `service-${n}`;
    const time = isoTime(clock.nowMs());
    const id = `${host}-${container}`;
    const data = { container, id, image: `example/${container}:1`, host, status: 'running' as const, time };
    bus.publish(CHANNELS.metrics, {
      type: 'container_status',
      data: { ...data, health: 'healthy', started_at: startedAt },
    });
  }

  const cancel = clock.every(1000 / SLICES_PER_SECOND, () => {
    const time = isoTime(clock.nowMs());
    for (let i = 0; i < messagesPerSecond / SLICES_PER_SECOND; i += 1) {
      const chosen = series[next % series.length];
      if (chosen !== undefined) bus.publish(CHANNELS.metrics, sampleOf(chosen, next, time));
      next += 1;
    }
  });
  return { stop: cancel };
}

function listSeries(host: string): Series[] {
  const ofHost = Object.entries(HOST_METRIC_UNITS)
    .filter(([metricType]) => metricType !== 'cpu_core')
    .map(([metricType, unit]) => ({ host, metricType, unit }));
  const ofContainers = Array.from({ length: CONTAINERS_PER_HOST }, (_, n) =>
    Object.entries(CONTAINER_METRIC_UNITS).map(([metricType, unit]) => ({
      host,
      container: `service-${n}`,
      metricType,
      unit,
    })),
  );
  return [...ofHost, ...ofContainers.flat()];
}

function sampleOf({ host, container, metricType, unit }: Series, step: number, time: string): BusMessage {
  const value = 50 + 40 * Math.sin(step / 97);
  const meta = { unit, host, ...(container === undefined ? {} : { container }) };
  const source = container === undefined ? 'host' : 'container';
  return { type: 'system_metric', data: { time, metric_type: metricType, value, source, meta } };
}
