/**
 * Whose request it is: pure. A proxy appends the address that it sees to `X-Forwarded-For`, behind whatever the
 * client wrote there itself. So the list is read from its end, as far as trusted proxies wrote it, and no further.
 */
import { BlockList, isIP } from 'node:net';

export interface ForwardedRequest {
  /** The socket's. */
  remoteAddress: string;
  /** Value of a request header, by lower-case name. */
  header(name: string): string | undefined;
}

export type ClientAddress = (request: ForwardedRequest) => string;

const NETWORK = /^([^/]+?)(?:\/(\d{1,3}))?$/;
const WITH_PORT = /^(?:\[([^\]]+)\]|([\d.]+))(?::\d{1,5})?$/;

/** Parses `TRUSTED_PROXIES`. Throws an `Error` that tells the fix. */
export function parseTrustedProxies(raw: string | undefined): readonly string[] {
  const entries = raw?.split(',').map((entry) => entry.trim()) ?? [];
  if (!entries.every(isNetwork))
    throw new Error('must be a comma-separated list of addresses and networks such as 127.0.0.1,10.0.0.0/8');
  return entries;
}

/**
 * The last address in `X-Forwarded-For` that is not trusted, for a peer that is; of an entry that is no address, the
 * proxy that wrote it. `trusted`: as from {@link parseTrustedProxies}.
 */
export function createClientAddress(trusted: readonly string[]): ClientAddress {
  const proxies = new BlockList();
  for (const entry of trusted) {
    const [, address = '', prefix] = NETWORK.exec(entry) ?? [];
    if (prefix === undefined) proxies.addAddress(address, familyOf(address));
    else proxies.addSubnet(address, Number(prefix), familyOf(address));
  }

  function isTrusted(address: string): boolean {
    const plain = address.split('%')[0] ?? '';
    return isIP(plain) !== 0 && proxies.check(plain, familyOf(plain));
  }

  return ({ remoteAddress, header }) => {
    let address = remoteAddress;
    if (!isTrusted(address)) return address;
    for (const entry of header('x-forwarded-for')?.split(',').reverse() ?? []) {
      const next = addressIn(entry.trim());
      if (next === null) return address;
      address = next;
      if (!isTrusted(address)) return address;
    }
    return address;
  };
}

function isNetwork(entry: string): boolean {
  const [, address = '', prefix] = NETWORK.exec(entry) ?? [];
  const version = isIP(address);
  return version !== 0 && !address.includes('%') && Number(prefix ?? 0) <= (version === 4 ? 32 : 128);
}

/** Some proxies write the port, too. */
function addressIn(entry: string): string | null {
  const [, bracketed, plain] = WITH_PORT.exec(entry) ?? [];
  const address = bracketed ?? plain ?? entry;
  return isIP(address) === 0 ? null : address;
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return address.includes(':') ? 'ipv6' : 'ipv4';
}
