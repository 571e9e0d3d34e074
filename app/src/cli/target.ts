/** Where a command connects to. The address that the start prints (with `#key=…`) is as good as that of the feed. */
import { STREAM_PATH } from '@pulsewire/shared-schema';

export interface Target {
  /** `ws://` or `wss://` address of the feed, without key. */
  feedUrl: string;
  /** The key that the address carried, or `null`. */
  key: string | null;
  /** True when the gateway runs on this machine. */
  local: boolean;
}

export const DEFAULT_URL = 'http://127.0.0.1:8080/';

const SCHEMES: Readonly<Record<string, string>> = {
  'http:': 'ws:',
  'https:': 'wss:',
  'ws:': 'ws:',
  'wss:': 'wss:',
};
const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

/** `null` for what is no address of a gateway. An address without a path means the path of the feed. */
export function deriveTarget(text: string): Target | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const scheme = SCHEMES[url.protocol];
  if (scheme === undefined) return null;
  const key = new URLSearchParams(url.hash.slice(1)).get('key') ?? url.searchParams.get('api_key');
  url.searchParams.delete('api_key');
  const path = url.pathname === '/' ? STREAM_PATH : url.pathname;
  return {
    feedUrl: `${scheme}//${url.host}${path}${url.search}`,
    key,
    local: LOOPBACK.includes(url.hostname),
  };
}
