/**
 * What `REDIS_URL` names: one server, or a Cluster by some of its nodes. A node's *address* is `host:port`; scheme,
 * account and password are the same for all nodes, so they stand in front of all addresses.
 */
import { isDecodable } from '../is-decodable.js';

export type RedisTarget =
  | { kind: 'server'; url: string }
  | {
      kind: 'cluster';
      /** At least one. */
      addresses: readonly string[];
      urlOf(address: string): string;
    };

const ALLOWED =
  'must be redis://host:port, or redis-cluster://host:port,host:port for a Cluster; rediss… for TLS; account and password stand as user:password@ before the host, with %2F %3F %23 %25 for / ? # % in them';
const CLUSTER = /^(rediss?)-cluster:\/\/(.*@)?([^@/?#]+)\/?$/s;
const DEFAULT_PORT = '6379';

/** Throws an `Error` that tells the fix and quotes nothing, for a password may be in it. */
export function parseRedisTarget(text: string): RedisTarget {
  if (!/^rediss?-cluster:/.test(text)) {
    if (!/^rediss?:/.test(text) || !isUsable(text)) throw new Error(ALLOWED);
    return { kind: 'server', url: text };
  }
  const [, scheme = '', account = '', list] = CLUSTER.exec(text) ?? [];
  if (list === undefined)
    throw new Error(`${ALLOWED}; nothing stands behind the nodes, for a Cluster has no other database`);
  const urlOf = (address: string) => `${scheme}://${account}${address}`;
  const addresses = list.split(',').map((entry) => withPort(entry.trim()));
  if (!addresses.every((address) => isUsable(urlOf(address)))) throw new Error(ALLOWED);
  return { kind: 'cluster', addresses, urlOf };
}

/** `host:port` as Redis tells it: an IPv6 address comes bare there, and must not in a URL. */
export function addressOf(host: string, port: string | number): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]:${port}` : `${host}:${port}`;
}

function withPort(entry: string): string {
  return /:\d+$/.test(entry) && !/^\[[^\]]*$/.test(entry) ? entry : `${entry}:${DEFAULT_PORT}`;
}

/**
 * The client decodes account, password and database, and what is no escape there would end the process. An `@` behind
 * the host tells of a password with a `/`, `?` or `#` in it, whose beginning was taken for the host.
 */
function isUsable(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { hostname, username, password, pathname, search, hash } = new URL(text);
  const isWhole = !`${pathname}${search}${hash}`.includes('@');
  return hostname !== '' && isWhole && [username, password, pathname].every(isDecodable);
}
