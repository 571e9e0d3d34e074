/** Samples whose value is the moment of the call, published on a steady grid. */
import { type Bus, isoTime, systemClock } from '@pulsewire/runtime';
import { CHANNELS } from '@pulsewire/shared-schema';
import { sharedNowMs } from './shared-clock.js';

export interface PublishingPhase {
  perSecond: number;
  forMs: number;
  /** Messages that come at the same moment, as a sentinel's samples do. Default: one by one. */
  burst?: number;
}

const HOSTS = 20;
/** Whoever looks every millisecond wakes up beside the server for nothing; a tenth of the distance is near enough. */
const MAX_LOOK_EVERY_MS = 10;

/** Resolves with how many were published. */
export function publishSteadily(
  bus: Pick<Bus, 'publish'>,
  { perSecond, forMs, burst = 1 }: PublishingPhase,
): Promise<number> {
  const startMs = sharedNowMs();
  const total = Math.round((perSecond * forMs) / 1000);
  const burstEveryMs = (1000 * burst) / perSecond;
  const lookEveryMs = Math.min(MAX_LOOK_EVERY_MS, Math.max(1, Math.floor(burstEveryMs / 10)));
  let published = 0;
  return new Promise((resolve) => {
    const stop = systemClock.every(lookEveryMs, () => {
      const bursts = Math.floor(((sharedNowMs() - startMs) * perSecond) / 1000 / burst) + 1;
      const due = Math.min(total, bursts * burst);
      for (; published < due; published += 1) publish(bus, published);
      if (published < total) return;
      stop();
      resolve(published);
    });
  });
}

function publish(bus: Pick<Bus, 'publish'>, number: number): void {
  bus.publish(CHANNELS.metrics, {
    type: 'system_metric',
    data: {
      time: isoTime(systemClock.nowMs()),
      metric_type: 'cpu',
      value: Math.round(sharedNowMs() * 1000) / 1000,
      source: 'host',
      meta: { unit: 'percent', host: `host-${String(number % HOSTS).padStart(2, '0')}` },
    },
  });
}
