/** The feed as a foreign client sees it, over real sockets. */
import { CHANNELS } from '@pulsewire/shared-schema';
import { afterEach, describe, expect, it } from 'vitest';
import { openFeed } from './support/feed-client.js';
import { runOnMemoryBus } from './support/gateway.js';

type Running = Awaited<ReturnType<typeof runOnMemoryBus>>;
let running: Running;

afterEach(() => running.stop());

/** Both samples of specification 001, §3.1 and §3.2, to the byte. */
const SPECIFICATION_SAMPLES = [
  `{
  "type": "system_metric",
  "data": {
    "time": "2026-01-17T04:30:00Z",
    "metric_type": "cpu",
    "value": 45.2,
    "source": "host",
    "meta": {
        "unit": "percent"
    }
  }
}`,
  `{
  "type": "container_status",
  "data": {
    "container": "tick-archiver",
    "status": "running",
    "time": "2026-01-17T04:30:00Z"
  }
}`,
];

describe('the stream', () => {
  it('GW-40: a client that connects hears hello, then a snapshot', async () => {
    running = await runOnMemoryBus();
    const client = openFeed(running.url());
    await client.ready();
    const kinds = client.heard.map(({ message }) => [message.type, message.data['phase']]);
    expect(kinds).toEqual([
      ['hello', undefined],
      ['snapshot', 'begin'],
      ['snapshot', 'end'],
    ]);
  });

  it.each(SPECIFICATION_SAMPLES)(
    'GW-50: a sample of specification 001 arrives byte for byte (%#)',
    async (sample) => {
      running = await runOnMemoryBus();
      const client = openFeed(running.url());
      await client.ready();
      running.bus.publishForeign(CHANNELS.metrics, Buffer.from(sample));
      const { bytes } = await client.until(
        ({ message }) => message.type !== 'hello' && message.type !== 'snapshot',
      );
      expect(bytes.toString('utf8')).toBe(sample);
    },
  );
});
