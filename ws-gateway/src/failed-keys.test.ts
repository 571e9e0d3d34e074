import { describe, expect, it } from 'vitest';
import { createFailedKeys, networkOf } from './failed-keys.js';

function failTimes(count: number, address: string, nowMs: number, keys = createFailedKeys()) {
  for (let index = 0; index < count; index += 1) keys.record(address, nowMs);
  return keys;
}

describe('wrong keys', () => {
  it('GW-11: nine within a minute, not blocked', () => {
    expect(failTimes(9, '192.0.2.1', 0).blockedForMs('192.0.2.1', 1)).toBe(0);
  });

  it('GW-11: ten within a minute, blocked until the first is a minute old', () => {
    const keys = failTimes(10, '192.0.2.1', 1000);
    expect([keys.blockedForMs('192.0.2.1', 2000), keys.blockedForMs('192.0.2.1', 61_000)]).toEqual([
      59_000, 0,
    ]);
  });

  it('GW-11: another address, not blocked', () => {
    expect(failTimes(10, '192.0.2.1', 0).blockedForMs('192.0.2.2', 1)).toBe(0);
  });

  it('GW-13: more addresses than fit, the one that failed longest ago is forgotten', () => {
    const keys = failTimes(10, '192.0.2.1', 0, createFailedKeys(2));
    failTimes(10, '192.0.2.2', 1, keys);
    failTimes(1, '192.0.2.3', 2, keys);
    expect([
      keys.addresses,
      keys.blockedForMs('192.0.2.1', 3),
      keys.blockedForMs('192.0.2.2', 3) > 0,
    ]).toEqual([2, 0, true]);
  });

  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:201', '192.0.2.1'],
    ['0:0:0:0:0:ffff:c000:0201', '192.0.2.1'],
    ['2001:0db8:0001:0002::5', '2001:db8:1:2::/64'],
    ['unknown', 'unknown'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('GW-12: %s counts as %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
