/**
 * Who guesses keys. After ten wrong keys within a minute an address is blocked, good keys included, until the oldest
 * of those ten is a minute old: otherwise the answer would still tell a right guess from a wrong one. The table is
 * bounded; the address that failed longest ago is forgotten first.
 */
import { isIPv6, SocketAddress } from 'node:net';
import { LIMITS } from '@pulsewire/shared-schema';

export interface FailedKeys {
  /** Notes a key that was offered and is wrong. A missing key is not one. `nowMs` is of a monotonic clock. */
  record(address: string, nowMs: number): void;
  /** Milliseconds for which this address is still blocked; 0 when it is not. */
  blockedForMs(address: string, nowMs: number): number;
}

const WINDOW_MS = 60_000;
const MAX_ADDRESSES = 10_000;

export function createFailedKeys(maxAddresses: number = MAX_ADDRESSES): FailedKeys {
  /** Times of the last failures, oldest first; the network that failed last is the last one. */
  const failures = new Map<string, readonly number[]>();
  return {
    record(address, nowMs) {
      const network = networkOf(address);
      const times = [...(failures.get(network) ?? []), nowMs].slice(-LIMITS.failedKeysPerMinute);
      failures.delete(network);
      failures.set(network, times);
      if (failures.size <= maxAddresses) return;
      const oldest = failures.keys().next();
      if (!oldest.done) failures.delete(oldest.value);
    },
    blockedForMs(address, nowMs) {
      const times = failures.get(networkOf(address)) ?? [];
      const [oldest] = times;
      if (oldest === undefined || times.length < LIMITS.failedKeysPerMinute) return 0;
      return Math.max(0, oldest + WINDOW_MS - nowMs);
    },
  };
}

/**
 * What counts as one guesser: an IPv4 address (also as IPv4-mapped IPv6), or the /64 of an IPv6 address, because
 * whoever has one address there has all of them. However it is written: proxies differ in that.
 */
export function networkOf(address: string): string {
  const plain = address.split('%')[0] ?? '';
  if (!isIPv6(plain)) return address;
  const { address: shortest } = new SocketAddress({ address: plain, family: 'ipv6' });
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(shortest);
  if (mapped?.[1] !== undefined) return mapped[1];
  const [head = '', tail] = shortest.split('::');
  const groups = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    const end = tail === '' ? [] : tail.split(':');
    while (groups.length + end.length < 8) groups.push('0');
    groups.push(...end);
  }
  return `${groups.slice(0, 4).join(':')}::/64`;
}
