import { CHANNELS } from '@pulsewire/shared-schema';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../logger.js';
import { createManualClock } from '../manual-clock.js';
import { createBusMetrics } from './bus-metrics.js';
import { cpuSample, publishAlerts } from './bus-recorder.test-support.js';
import { createOutbox, type Outgoing } from './outbox.js';
import { createPublisher, type SendBatch } from './publisher.js';
import type { BusCause } from './refusal.js';

const { metrics: channel } = CHANNELS;

/** A publisher whose batches are answered by hand. */
function createSetup() {
  const clock = createManualClock();
  const outbox = createOutbox();
  const refusals: (BusCause | null)[] = [];
  const metrics = createBusMetrics(undefined, {
    up: () => true,
    queued: () => 0,
    dropped: () => outbox.dropped,
  });
  const publisher = createPublisher({
    outbox,
    clock,
    logger: silentLogger,
    metrics,
    onRefusal: (trouble) => refusals.push(trouble?.cause ?? null),
  });
  const sent: { batch: readonly Outgoing[]; take(): void; fail(error: Error): void }[] = [];
  const send: SendBatch = (batch) =>
    new Promise((resolve, reject) => sent.push({ batch, take: resolve, fail: reject }));
  /** Lets everything happen that waits for nothing but its turn. */
  const turn = async () => {
    for (let step = 0; step < 10; step += 1) await Promise.resolve();
  };
  return { clock, publisher, sent, send, refusals, turn };
}

function redisError(message: string): Error {
  return Object.assign(new Error(message), { name: 'ReplyError' });
}

describe('publisher', () => {
  it('RT-140: calls of one task, leave as one batch, and the next batch leaves after the answer', async () => {
    const { publisher, sent, send, turn } = createSetup();
    publisher.resume(send);
    publishAlerts(publisher, channel, ['a', 'b']);
    await turn();
    publishAlerts(publisher, channel, ['c']);
    publishAlerts(publisher, channel, ['d']);
    await turn();
    expect(sent.map(({ batch }) => batch.length)).toEqual([2]);
    sent[0]?.take();
    await turn();
    expect(sent.map(({ batch }) => batch.length)).toEqual([2, 2]);
  });

  it('RT-141: an error answer, keeps the batch unmarked, tells the cause, and retries ever more slowly', async () => {
    const { clock, publisher, sent, send, refusals, turn } = createSetup();
    publisher.resume(send);
    publishAlerts(publisher, channel, ['a']);
    await turn();
    for (const waitMs of [100, 200, 400, 800, 1000, 1000]) {
      sent.at(-1)?.fail(redisError('OOM command not allowed'));
      await turn();
      const before = sent.length;
      clock.advance(waitMs - 1);
      expect(sent).toHaveLength(before);
      clock.advance(1);
      expect(sent).toHaveLength(before + 1);
    }
    sent.at(-1)?.take();
    await turn();
    expect(new Set(refusals)).toEqual(new Set(['out_of_memory', null]));
    expect(refusals.at(-1)).toBeNull();
    expect(sent.every(({ batch }) => batch[0]?.redelivered === false)).toBe(true);
  });

  it('RT-86: refused for want of memory, begins again with one message, and is well when all went out', async () => {
    const { clock, publisher, sent, send, refusals, turn } = createSetup();
    publisher.resume(send);
    publishAlerts(publisher, channel, ['a', 'b', 'c', 'd', 'e']);
    await turn();
    sent.at(-1)?.fail(redisError('OOM command not allowed'));
    await turn();
    clock.advance(100);
    const told: (BusCause | null | undefined)[] = [];
    for (let batch = 0; batch < 3; batch += 1) {
      sent.at(-1)?.take();
      await turn();
      told.push(refusals.at(-1));
    }
    expect(sent.map(({ batch }) => batch.map(({ seq }) => seq))).toEqual([
      [1, 2, 3, 4, 5],
      [1],
      [2, 3],
      [4, 5],
    ]);
    expect(told).toEqual(['out_of_memory', 'out_of_memory', null]);
  });

  it('RT-149: refused samples that grew too old, are no refusal any more', async () => {
    const { clock, publisher, sent, send, refusals, turn } = createSetup();
    publisher.resume(send);
    publisher.publish(channel, cpuSample(1));
    await turn();
    sent.at(-1)?.fail(redisError('OOM command not allowed'));
    await turn();
    publisher.suspend();
    clock.advance(5 * 60_000 + 1);
    publisher.resume(send);
    expect(sent).toHaveLength(1);
    expect(refusals).toEqual(['out_of_memory', null]);
  });

  it('RT-142: a session lost with a batch under way, sends it again on the next one, marked', async () => {
    const { publisher, sent, send, turn } = createSetup();
    publisher.resume(send);
    publishAlerts(publisher, channel, ['a']);
    await turn();
    publisher.suspend();
    publisher.resume(send);
    sent[0]?.take();
    await turn();
    expect(sent.map(({ batch }) => batch[0]?.redelivered)).toEqual([false, true]);
    expect(sent.map(({ batch }) => batch[0]?.seq)).toEqual([1, 1]);
  });

  it('RT-143: nothing to send, leaves no timer behind', async () => {
    const { clock, publisher, sent, send, turn } = createSetup();
    publisher.resume(send);
    publishAlerts(publisher, channel, ['a']);
    const flushed = publisher.flush(1000);
    await turn();
    sent[0]?.take();
    expect(await flushed).toBe(true);
    expect(clock.scheduled).toBe(0);
  });
});
