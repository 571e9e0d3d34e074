/** What a client says when it connects, and when it changes its mind: address, subprotocols, `subscribe`. */

import { StreamClientError } from '../errors.js';
import type { ClientMessage } from '../feed.js';
import { KEY_SUBPROTOCOL_PREFIX, STREAM_SUBPROTOCOL } from '../names.js';
import type { Selection } from './types.js';

type SubscribeFields = Extract<ClientMessage, { type: 'subscribe' }>['data'];

/** Throws `url_invalid` unless the address is `ws://` or `wss://`. */
export function checkUrl(url: string): void {
  const scheme = URL.canParse(url) ? new URL(url).protocol : '';
  if (scheme !== 'ws:' && scheme !== 'wss:')
    throw new StreamClientError('url_invalid', 'url must be an address that starts with ws:// or wss://');
}

/** The address with the selection and, to resume, the last id as query. Never carries the key. */
export function deriveAddress(url: string, selection: Selection, after: string | null): string {
  const address = new URL(url);
  for (const [name, value] of Object.entries(deriveSubscribe(selection)))
    address.searchParams.set(name, Array.isArray(value) ? value.join(',') : String(value));
  if (after !== null) address.searchParams.set('after', after);
  return address.href;
}

/** Browsers cannot set headers on a WebSocket; the key travels as a subprotocol instead. */
export function deriveProtocols(key: string): string[] {
  return [STREAM_SUBPROTOCOL, `${KEY_SUBPROTOCOL_PREFIX}${base64Url(key)}`];
}

/** The fields of a `subscribe` message; what is not selected by is left out. */
export function deriveSubscribe(selection: Selection): SubscribeFields {
  const { topics, metricTypes, hosts, containers, rate } = selection;
  return {
    ...(topics === undefined ? {} : { topics: [...topics] }),
    ...(metricTypes === undefined ? {} : { metric_type: [...metricTypes] }),
    ...(hosts === undefined ? {} : { host: [...hosts] }),
    ...(containers === undefined ? {} : { container: [...containers] }),
    ...(rate === undefined ? {} : { rate }),
  };
}

function base64Url(text: string): string {
  const bytes = new TextEncoder().encode(text);
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
