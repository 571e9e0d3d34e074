/**
 * Which key a handshake offers. When several are given, one counts, in this order: `X-API-KEY`,
 * `Authorization: Bearer`, the subprotocol pair, the query. The others are not looked at, so that a request can
 * never be let in by one key and spoil another. Source: contracts.md §2.
 */
import { KEY_SUBPROTOCOL_PREFIX, STREAM_SUBPROTOCOL } from '@pulsewire/shared-schema';

/** The parts of a handshake that may carry a key. */
export interface CredentialSource {
  query: URLSearchParams;
  /** Value of a request header, by lower-case name. */
  header(name: string): string | undefined;
}

/** The offered key, or `undefined` when there is none. An empty or malformed credential is none. */
export function offeredKey(source: CredentialSource): string | undefined {
  return (
    nonEmpty(source.header('x-api-key')) ??
    bearerKey(source.header('authorization')) ??
    subprotocolKey(source.header('sec-websocket-protocol')) ??
    nonEmpty(source.query.get('api_key') ?? undefined)
  );
}

/** The subprotocols that a header names, in order. */
export function offeredProtocols(header: string | undefined): string[] {
  if (header === undefined) return [];
  return header.split(',').map((name) => name.trim());
}

function bearerKey(header: string | undefined): string | undefined {
  return nonEmpty(/^bearer +(\S+) *$/i.exec(header ?? '')?.[1]);
}

/** The key counts only beside `pulsewire.v1`: a server must be able to answer with a subprotocol that it speaks. */
function subprotocolKey(header: string | undefined): string | undefined {
  const protocols = offeredProtocols(header);
  if (!protocols.includes(STREAM_SUBPROTOCOL)) return undefined;
  const encoded = protocols.find((name) => name.startsWith(KEY_SUBPROTOCOL_PREFIX));
  if (encoded === undefined) return undefined;
  return nonEmpty(Buffer.from(encoded.slice(KEY_SUBPROTOCOL_PREFIX.length), 'base64url').toString('utf8'));
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === undefined || value === '' ? undefined : value;
}
