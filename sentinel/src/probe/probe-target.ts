/**
 * The grammar of `PROBE_DATABASES`: entries separated by commas, each a URL, optionally with `name=` before it.
 *
 *     shop=postgresql://reader:secret@db.internal/shop, cache=redis://10.0.0.7, mongodb://a,b/app?replicaSet=rs0
 *
 * MongoDB lists its servers with commas inside the URL, so what follows such an entry and is no URL belongs to it.
 * A URL carries a password: mistakes name an entry by its place and its name, and repeat nothing else of it.
 */
import { isDecodable } from '@pulsewire/runtime';
import type { DatabaseStatus } from '@pulsewire/shared-schema';

export type DatabaseKind = DatabaseStatus['data']['kind'];

export interface ProbeTarget {
  /** Unique; shown to users. Without `name=` it is where the database is, such as `db.internal:5432/shop`. */
  name: string;
  kind: DatabaseKind;
  /** Secret. */
  url: string;
}

type Parsed = { target: ProbeTarget } | { mistake: string; name: string | null };

const KIND_OF: ReadonlyMap<string, DatabaseKind> = new Map([
  ['postgres', 'postgresql'],
  ['postgresql', 'postgresql'],
  ['mongodb', 'mongodb'],
  ['mongodb+srv', 'mongodb'],
  ['redis', 'redis'],
  ['rediss', 'redis'],
]);
const SCHEMES = 'postgresql://, mongodb://, mongodb+srv://, redis:// or rediss://';
const MAX_TARGETS = 50;
/** A name, a scheme, the rest. An equals sign inside a URL comes after its scheme. */
const ENTRY = /^(?:([^=:/?@]*)=)?([a-z][a-z0-9+.-]*):\/\/(.*)$/is;
const NAME = /^\P{C}{1,128}$/u;
/** After the scheme: credentials, servers, and what follows them. */
const AUTHORITY = /^(?:[^@/?]*@)?([^@/?]*)(\/[^?]*)?(\?.*)?$/s;
const MONGODB_SERVER = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i;

/** Throws an `Error` that names every bad entry and tells the fix. */
export function parseProbeTargets(raw: string | undefined): readonly ProbeTarget[] {
  const mistakes: string[] = [];
  const targets: ProbeTarget[] = [];
  for (const [index, entry] of splitEntries(raw ?? '').entries()) {
    const parsed = parseEntry(entry);
    const name = 'target' in parsed ? parsed.target.name : parsed.name;
    const label = `entry ${index + 1}${name === null ? '' : ` (${name})`}`;
    if ('mistake' in parsed) mistakes.push(`${label} ${parsed.mistake}`);
    else if (targets.some((other) => other.name === name))
      mistakes.push(`${label} has the name of an earlier entry; give it another with name=`);
    else targets.push(parsed.target);
  }
  if (targets.length > MAX_TARGETS) mistakes.push(`has ${targets.length} entries; ${MAX_TARGETS} at most`);
  if (mistakes.length > 0) throw new Error(mistakes.join('; '));
  return targets;
}

function splitEntries(raw: string): string[] {
  const entries: string[] = [];
  for (const part of raw.split(',')) {
    const last = entries.at(-1);
    const continues =
      last !== undefined && /^(?:[^=:/?@]*=)?mongodb:/i.test(last) && !ENTRY.test(part.trim());
    if (continues) entries[entries.length - 1] = `${last},${part.trim()}`;
    else entries.push(part.trim());
  }
  return entries.length === 1 && entries[0] === '' ? [] : entries;
}

function parseEntry(entry: string): Parsed {
  const [, given, scheme, rest] = ENTRY.exec(entry) ?? [];
  if (scheme === undefined || rest === undefined)
    return { name: null, mistake: `must be a URL, ${SCHEMES}; a comma inside one is written %2C` };
  const name = given?.trim() ?? null;
  if (name !== null && !NAME.test(name))
    return { name: null, mistake: 'must have a name of 1 to 128 printable characters before the =' };
  const kind = KIND_OF.get(scheme.toLowerCase());
  if (kind === undefined) return { name, mistake: `must begin with ${SCHEMES}` };
  const where = kind === 'mongodb' ? whereMongodb(scheme, rest) : whereOne(kind, scheme, rest);
  if (where === null)
    return { name, mistake: 'must name a host; special characters of a password are percent-encoded' };
  return { target: { name: name ?? where.slice(0, 128), kind, url: `${scheme.toLowerCase()}://${rest}` } };
}

/** `host:port/database`, or `null` when that cannot be read. */
function whereOne(kind: DatabaseKind, scheme: string, rest: string): string | null {
  const text = `${scheme}://${rest}`;
  if (!URL.canParse(text) || !isDecodable(rest)) return null;
  const { host, pathname, hash, searchParams } = new URL(text);
  if (mayBePassword(`${pathname}${hash}`)) return null;
  const socket = kind === 'postgresql' ? searchParams.get('host') : null;
  const server = decodeURIComponent(host) || socket;
  return server ? `${server}${pathname.length > 1 ? decodeURIComponent(pathname) : ''}` : null;
}

function whereMongodb(scheme: string, rest: string): string | null {
  const [, servers = '', path = ''] = AUTHORITY.exec(rest) ?? [];
  const list = servers.split(',');
  if (!list.every((server) => MONGODB_SERVER.test(server)) || !isDecodable(rest)) return null;
  if (mayBePassword(path)) return null;
  if (scheme.toLowerCase() === 'mongodb+srv' && (list.length > 1 || servers.includes(':'))) return null;
  return `${servers}${path.length > 1 ? decodeURIComponent(path) : ''}`;
}

/** In `user:12/34@host` all before the slash reads like a server; the name would show the password. */
function mayBePassword(afterServer: string): boolean {
  return afterServer.includes('@');
}
