import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seriesKeyOf } from './series-key.js';

const name = fc.option(fc.oneof(fc.string(), fc.constantFrom('a', '"', '",host="a', '\\')), { nil: null });
const identity = fc.record({
  metricType: fc.constantFrom('cpu', 'mem'),
  source: fc.constantFrom('host' as const, 'container' as const),
  host: name,
  container: name,
  mount: name,
  core: fc.option(fc.nat(3), { nil: null }),
});

describe('seriesKeyOf', () => {
  it('ST-38: a host and a mount, readable', () => {
    const series = {
      metricType: 'disk',
      source: 'host' as const,
      host: 'web-1',
      container: null,
      mount: '/',
      core: null,
    };
    expect(seriesKeyOf(series)).toBe('disk{source="host",host="web-1",mount="/"}');
  });

  it('ST-38: any two identities, the same key only when they are the same', () => {
    fc.assert(
      fc.property(identity, identity, (a, b) => {
        expect(seriesKeyOf(a) === seriesKeyOf(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });
});
