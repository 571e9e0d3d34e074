/** Worker: publishes through our Redis bus. */
import { type Bus, createRedisBus, silentLogger } from '@pulsewire/runtime';
import { type PublishingPhase, publishSteadily } from './steady-load.js';
import { answer } from './worker.js';

export type { PublishingPhase } from './steady-load.js';
export type PublisherQuestion = { redisUrl: string } | PublishingPhase;
export interface PublisherAnswer {
  published: number;
}

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
  return { published: bus === null ? 0 : await publishSteadily(bus, question) };
});
