import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientAddress } from './client-address.js';

const PEER = '10.0.0.1';

describe('client address', () => {
  it('SB-25: no proxy of ours, the peer whatever is claimed', () => {
    expect(clientAddress(PEER, '192.0.2.7', 0)).toBe(PEER);
  });

  it('SB-25: one proxy, the last entry; two, the last but one', () => {
    const claimed = '203.0.113.9, 192.0.2.7, 10.1.1.1';
    expect([clientAddress(PEER, claimed, 1), clientAddress(PEER, claimed, 2)]).toEqual([
      '10.1.1.1',
      '192.0.2.7',
    ]);
  });

  it('SB-25: headers that come twice, read as one', () => {
    expect(clientAddress(PEER, ['203.0.113.9', '192.0.2.7'], 1)).toBe('192.0.2.7');
  });

  it('SB-25: whatever is claimed, an address', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 0, max: 8 }), (claimed, hops) => {
        expect(isIP(clientAddress(PEER, claimed, hops))).not.toBe(0);
      }),
    );
  });
});
