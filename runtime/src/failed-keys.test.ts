import { describe, expect, it } from 'vitest';
import { createFailedKeys, networkOf } from './failed-keys.js';

const HERE = '192.0.2.1';

function failed(times: number, keys = createFailedKeys(), address = HERE, nowMs = 1000) {
  for (let i = 0; i < times; i += 1) keys.record(address, nowMs);
  return keys;
}

describe('wrong keys', () => {
  it.each([
    [9, 0],
    [10, 59_000],
  ])('RT-190: %i of them from one address, it is blocked for %i ms a second later', (times, blockedMs) => {
    expect(failed(times).blockedForMs(HERE, 2000)).toBe(blockedMs);
  });

  it('RT-190: ten of them from one address, another is not blocked', () => {
    expect(failed(10).blockedForMs('192.0.2.2', 1001)).toBe(0);
  });

  it('RT-190: ten of them a minute ago, the address is free again', () => {
    expect(failed(10).blockedForMs(HERE, 61_000)).toBe(0);
  });

  it('RT-191, GW-13: more addresses than are remembered, the one that failed longest ago is forgotten', () => {
    const keys = failed(10, createFailedKeys(2));
    for (const other of ['192.0.2.2', '192.0.2.3']) failed(10, keys, other);
    const blocked = [HERE, '192.0.2.2', '192.0.2.3'].map((address) => keys.blockedForMs(address, 1001) > 0);
    expect(blocked).toEqual([false, true, true]);
  });

  it.each([
    [HERE, HERE],
    ['::ffff:192.0.2.1', HERE],
    ['::FFFF:c000:201', HERE],
    ['0:0:0:0:0:ffff:c000:0201', HERE],
    ['2001:0db8:0001:0002::5', '2001:db8:1:2::/64'],
    ['unknown', 'unknown'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('RT-192: %s, counts as %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
