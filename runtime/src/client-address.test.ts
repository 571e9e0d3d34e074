import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createClientAddress, parseTrustedProxies } from './client-address.js';

function addressOf(trusted: string, remoteAddress: string, forwarded?: string): string {
  const header = (name: string) => (name === 'x-forwarded-for' ? forwarded : undefined);
  return createClientAddress(parseTrustedProxies(trusted))({ remoteAddress, header });
}

const PROXIES = '127.0.0.1,10.0.0.0/8,::1,fd00::/8';

describe('the address of a client', () => {
  it.each([
    ['a peer that is not trusted', '192.0.2.9', '198.51.100.1', '192.0.2.9'],
    ['a trusted peer', '127.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['as IPv4-mapped IPv6', '::ffff:127.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['a trusted peer without the header', '127.0.0.1', undefined, '127.0.0.1'],
    ['a header that the client began itself', '127.0.0.1', '1.1.1.1, 198.51.100.1', '198.51.100.1'],
    ['a chain of proxies', '127.0.0.1', '198.51.100.1,10.1.2.3', '198.51.100.1'],
    ['nothing but proxies', '127.0.0.1', '10.9.9.9, 10.1.2.3', '10.9.9.9'],
    ['IPv6', '::1', '2001:db8::5', '2001:db8::5'],
    ['a trusted network of IPv6', 'fd12::1', '2001:db8::5, fd00::7', '2001:db8::5'],
    ['with a port', '127.0.0.1', '198.51.100.1:4711', '198.51.100.1'],
    ['IPv6 with a port', '127.0.0.1', '[2001:db8::5]:4711', '2001:db8::5'],
    ['an entry that is no address', '127.0.0.1', '198.51.100.1, unknown', '127.0.0.1'],
    ['such an entry behind a proxy', '127.0.0.1', '1.1.1.1, _hidden, 10.1.2.3', '10.1.2.3'],
    ['an empty entry', '127.0.0.1', '198.51.100.1,', '127.0.0.1'],
  ])('GW-14: %s', (_situation, peer, forwarded, expected) => {
    expect(addressOf(PROXIES, peer, forwarded)).toBe(expected);
  });

  it('GW-12: the peer is not trusted, the header is not believed', () => {
    expect(addressOf('192.0.2.0/24', '127.0.0.1', '198.51.100.1')).toBe('127.0.0.1');
  });

  it('GW-14: whatever a client writes, the address is what its proxy appended', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.ipV4(), (written, own) => {
        fc.pre(!own.startsWith('10.') && own !== '127.0.0.1');
        return addressOf(PROXIES, '127.0.0.1', `${written}, ${own}`) === own;
      }),
    );
  });

  it('GW-14: any header, an address and no throw', () => {
    const entry = fc.oneof(
      fc.string(),
      fc.ipV4(),
      fc.ipV6(),
      fc.constantFrom('10.0.0.1', 'fe80::1%eth0', '[', ''),
    );
    fc.assert(
      fc.property(
        fc.array(entry),
        (entries) => isIP(addressOf(PROXIES, '127.0.0.1', entries.join(','))) !== 0,
      ),
    );
  });

  it.each([
    'proxy',
    '10.0.0.0/33',
    '::/129',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    ',',
    '127.0.0.1;10.0.0.1',
    'fe80::1%eth0',
  ])('GW-94: %s, a mistake in TRUSTED_PROXIES', (raw) => {
    expect(() => parseTrustedProxies(raw)).toThrow('comma-separated');
  });
});
