/** Resuming at another gateway than the one that was lost. */
import { createMemoryBus } from '@pulsewire/runtime';
import { CHANNELS } from '@pulsewire/shared-schema';
import { expect, it } from 'vitest';
import { openSocket } from '../support/websocket.js';
import { describeGateway, runGateway } from './support/gateway.js';

const TIME = '2026-01-17T04:30:00Z';

describeGateway('a client between gateways', () => {
  it.each(['running all the time', 'started meanwhile'])(
    'GW-38: its gateway is gone, another one %s has what it missed, once and in order',
    async (when) => {
      const bus = createMemoryBus();
      const first = await runGateway({ bus });
      const other = when === 'running all the time' ? await runGateway({ bus }) : null;
      const publish = (value: number) =>
        bus.publish(CHANNELS.metrics, {
          type: 'system_metric',
          data: {
            time: TIME,
            metric_type: 'cpu',
            value,
            source: 'host',
            meta: { unit: 'percent', host: 'h' },
          },
        });
      const before = await openSocket(first.url());
      await before.first(({ data }) => data['phase'] === 'end');
      for (const value of [1, 2, 3]) publish(value);
      const { id } = await before.first(({ data }) => data['value'] === 3);
      await first.stop();
      for (const value of [4, 5, 6]) publish(value);
      const second = other ?? (await runGateway({ bus }));
      const after = await openSocket(second.url(`after=${id}`));
      const hello = await after.first(({ type }) => type === 'hello');
      await after.first(({ data }) => data['phase'] === 'end');
      publish(7);
      await after.first(({ data }) => data['value'] === 7);
      await second.stop();
      await bus.stop();
      const values = after.messages.filter(({ type }) => type === 'system_metric');
      expect(hello.data['resumed']).toBe('complete');
      expect(values.map(({ data }) => data['value'])).toEqual([4, 5, 6, 7]);
    },
  );
});
