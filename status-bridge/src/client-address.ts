/** Whose request it is: the peer of the connection, or who stands before the proxies that are ours. */
import { isIP } from 'node:net';

/**
 * Each proxy of ours appends its own peer to `X-Forwarded-For`, so the entry that the outermost one wrote is the
 * `proxyHops`-th from the end; what stands before it anybody may have written. An entry that is no address does not
 * count, and then the peer does.
 */
export function clientAddress(
  peer: string | undefined,
  forwardedFor: string | readonly string[] | undefined,
  proxyHops: number,
): string {
  const own = peer ?? 'unknown';
  if (proxyHops === 0 || forwardedFor === undefined) return own;
  const entries = [forwardedFor].flat().join(',').split(',');
  const entry = entries.at(-proxyHops)?.trim() ?? '';
  return isIP(entry) === 0 ? own : entry;
}
