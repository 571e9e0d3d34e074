/**
 * What every driver of the bus must do, as one suite that runs against each of them. The rules are those of
 * SPEC.md, RT-50 to RT-68.
 */
import { CHANNELS } from '@pulsewire/shared-schema';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Bus } from './bus.js';
import { describeDelivery } from './bus-contract-delivery.test-support.js';
import { describeLog } from './bus-contract-log.test-support.js';
import { createBusRecorder, publishAlerts } from './bus-recorder.test-support.js';

export {
  alertNamed,
  type BusRecorder,
  busIs,
  cpuSample,
  createBusRecorder,
  publishAlerts,
} from './bus-recorder.test-support.js';

/** A driver under test. Publisher and subscriber may be one bus, or two on one server. */
export interface BusBench {
  publisher: Bus;
  subscriber: Bus;
  /** An outage that the log survives begins; resolves when both buses are down. */
  interrupt(): Promise<void>;
  /** It ends; resolves when both buses are up. */
  restore(): Promise<void>;
  /** Publishes past the log. */
  publishForeign(text: string): Promise<void>;
  stop(): Promise<void>;
}

const { metrics } = CHANNELS;

export function describeBusContract(driver: string, start: () => Promise<BusBench>): void {
  describe(`bus contract: ${driver}`, () => {
    let bench: BusBench;

    beforeEach(async () => {
      bench = await start();
    });
    afterEach(async () => {
      await bench.stop();
    });

    describeDelivery(() => bench);
    describeLog(() => bench);

    it('RT-58: publishes of an outage, go out afterwards, in order and once', async () => {
      const recorder = createBusRecorder();
      await bench.subscriber.subscribe({ channels: [metrics], ...recorder }).ready;
      publishAlerts(bench.publisher, metrics, ['a', 'b']);
      await recorder.count(2);
      await bench.interrupt();
      publishAlerts(bench.publisher, metrics, ['c', 'd', 'e']);
      await bench.restore();
      await recorder.count(5);
      publishAlerts(bench.publisher, metrics, ['f']);
      await recorder.count(6);
      expect(recorder.names()).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    });

    it('RT-59: an outage, is told once when it begins and once when it is over', async () => {
      const told: string[] = [];
      bench.subscriber.onState((state) => told.push(`${state.status} ${state.cause !== null}`));
      await bench.interrupt();
      expect(bench.subscriber.state.status).toBe('down');
      await bench.restore();
      expect(told).toEqual(['down true', 'up false']);
      expect(bench.subscriber.state.cause).toBeNull();
    });

    it('RT-60: a state listener that throws, does not keep the others from hearing', async () => {
      let heard = 0;
      bench.subscriber.onState(() => {
        throw new Error('broken listener');
      });
      bench.subscriber.onState(() => {
        heard += 1;
      });
      await bench.interrupt();
      expect(heard).toBe(1);
      await bench.restore();
    });

    it('RT-61: a subscription made during an outage, is ready only when the bus is back', async () => {
      await bench.interrupt();
      const recorder = createBusRecorder();
      const subscription = bench.subscriber.subscribe({ channels: [metrics], ...recorder });
      const first = await Promise.race([subscription.ready.then(() => 'ready'), Promise.resolve('pending')]);
      expect(first).toBe('pending');
      await bench.restore();
      await subscription.ready;
      publishAlerts(bench.publisher, metrics, ['a']);
      await recorder.count(1);
      expect(recorder.names()).toEqual(['a']);
    });

    it('RT-62: flush, tells whether everything went out', async () => {
      publishAlerts(bench.publisher, metrics, ['a']);
      expect(await bench.publisher.flush(5000)).toBe(true);
      await bench.interrupt();
      publishAlerts(bench.publisher, metrics, ['b']);
      expect(await bench.publisher.flush(20)).toBe(false);
      const flushed = bench.publisher.flush(10_000);
      await bench.restore();
      expect(await flushed).toBe(true);
    });
  });
}
