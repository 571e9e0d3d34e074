/** Numbered alerts beside the samples of the load. Their value is a stamp, too, so that clients take it as one. */
import { type Bus, isoTime, systemClock } from '@pulsewire/runtime';
import { CHANNELS } from '@pulsewire/shared-schema';
import { sharedNowMs } from '../load/shared-clock.js';

export interface Alerts {
  /** Numbers given out so far: 1 … count. */
  count(): number;
  stop(): void;
}

const SERIES = 10;

export function startAlerts(bus: Bus, perSecond: number): Alerts {
  let count = 0;
  const stop = systemClock.every(1000 / perSecond, () => {
    count += 1;
    const time = isoTime(systemClock.nowMs());
    const turn = Math.floor(count / SERIES);
    bus.publish(CHANNELS.metrics, {
      type: 'alert',
      data: {
        alert_id: `slow-${count % SERIES}`,
        rule: 'slow',
        state: turn % 2 === 0 ? 'firing' : 'resolved',
        severity: 'warning',
        metric_type: 'cpu',
        source: 'host',
        value: Math.round(sharedNowMs() * 1000) / 1000,
        threshold: 0,
        message: String(count),
        time,
        started_at: time,
        host: 'slow',
      },
    });
  });
  return { count: () => count, stop };
}
