import { describe, expect, it } from 'vitest';
import { delaysUntilReceived } from './hop-delays.js';
import { arrival, metric, TIME } from './testing/messages.js';

const collectedMs = Date.parse(TIME);

describe('the delays from hop to hop', () => {
  it.each([
    ['an ordinary message', `${collectedMs + 30}-0`, 42, [30, 12]],
    ['clocks that differ', `${collectedMs - 5}-3`, -9, [0, 0]],
  ])('GW-98: %s', (_what, id, nowMs, expected) => {
    const delays = delaysUntilReceived(arrival(metric(), { id }), collectedMs + nowMs);
    expect([delays?.collected_published, delays?.published_received]).toEqual(expected);
  });

  it('GW-98: a message without a position, no delay is known', () => {
    expect(delaysUntilReceived(arrival(metric()), collectedMs)).toBeNull();
  });
});
