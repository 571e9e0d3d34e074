import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMetrics, histogram } from './metrics.js';
import { tallyCounter, tallyHistogram } from './tally.js';

const BUCKETS = [0.001, 0.01, 0.1];
const seconds = fc.double({ min: 0, max: 1, noNaN: true });

function emptyRegistry() {
  return createMetrics({ process: 'test', runtimeMetrics: false });
}

describe('tallies', () => {
  it('RT-201: whatever was observed, the text is that of an ordinary histogram', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(seconds, fc.constantFrom(...BUCKETS)), { minLength: 1 }),
        async (given) => {
          const [ordinary, tallied] = [emptyRegistry(), emptyRegistry()];
          const options = { buckets: BUCKETS, labels: ['hop'] as const };
          const plain = histogram(ordinary, 'delay_seconds', 'Delay.', options);
          const tally = tallyHistogram(tallied, 'delay_seconds', 'Delay.', {
            ...{ buckets: BUCKETS, label: 'hop', values: ['in', 'out'] as const },
          });
          plain.zero({ hop: 'in' });
          plain.zero({ hop: 'out' });
          for (const value of given) {
            plain.observe({ hop: 'in' }, value);
            tally.in.observe(value);
          }
          expect(await tallied.metrics()).toBe(await ordinary.metrics());
        },
      ),
    );
  });

  it('RT-201: asked for twice, a histogram and a counter go on', async () => {
    const registry = emptyRegistry();
    const count = tallyCounter(registry, 'things_total', 'Things.');
    const { out } = tallyHistogram(registry, 'delay_seconds', 'Delay.', {
      ...{ buckets: BUCKETS, label: 'hop', values: ['out'] as const },
    });
    for (const by of [2, 3]) {
      count(by);
      out.observe(0.05);
      await registry.metrics();
    }
    const text = await registry.metrics();
    expect(text).toContain('pulsewire_things_total{process="test"} 5\n');
    expect(text).toMatch(/^pulsewire_delay_seconds_bucket\{le="0.1",.*\} 2$/m);
    expect(text).toMatch(/^pulsewire_delay_seconds_count\{.*hop="out".*\} 2$/m);
  });
});
