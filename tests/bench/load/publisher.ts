/** Worker: publishes samples whose value is the moment of the call, on a steady grid, through our Redis bus. */
import { type Bus, createRedisBus, isoTime, silentLogger, systemClock } from '@pulsewire/runtime';
import { CHANNELS } from '@pulsewire/shared-schema';
import { sharedNowMs } from './shared-clock.js';
import { answer } from './worker.js';

export type PublisherQuestion = { redisUrl: string } | PublishingPhase;
export interface PublishingPhase {
  perSecond: number;
  forMs: number;
  /** Messages that come at the same moment, as a sentinel's samples do. Default: one by one. */
  burst?: number;
}
export interface PublisherAnswer {
  published: number;
}

const HOSTS = 20;
let bus: Bus | null = null;

answer<PublisherQuestion, PublisherAnswer>(async (question) => {
  if ('redisUrl' in question) {
    const created = createRedisBus({ url: question.redisUrl, name: 'bench', logger: silentLogger });
    bus = created;
    await new Promise<void>((resolve) => {
      if (created.state.status === 'up') resolve();
      created.onState(({ status }) => status === 'up' && resolve());
    });
    return { published: 0 };
  }
  return { published: await publishSteadily(question) };
});

function publishSteadily({ perSecond, forMs, burst = 1 }: PublishingPhase): Promise<number> {
  const startMs = sharedNowMs();
  const total = Math.round((perSecond * forMs) / 1000);
  let published = 0;
  return new Promise((resolve) => {
    const stop = systemClock.every(1, () => {
      const bursts = Math.floor(((sharedNowMs() - startMs) * perSecond) / 1000 / burst) + 1;
      const due = Math.min(total, bursts * burst);
      for (; published < due; published += 1) publish(published);
      if (published < total) return;
      stop();
      resolve(published);
    });
  });
}

function publish(number: number): void {
  bus?.publish(CHANNELS.metrics, {
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
