/** Where a command connects to. The address that the start prints (with `#key=…`) is as good as that of the feed. */
import { PAGE_PATHS, STREAM_PATH } from '@pulsewire/shared-schema';

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
/** Who copies the address of the dashboard may be on any of its pages. */
const PAGES = new Set<string>(Object.values(PAGE_PATHS).filter((path) => path !== PAGE_PATHS.dashboard));
const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * `null` for what is no address of a gateway. A page of the dashboard means its feed, and so does an address without a
 * path.
 */
export function deriveTarget(text: string): Target | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const scheme = SCHEMES[url.protocol];
  if (scheme === undefined) return null;
  const key = new URLSearchParams(url.hash.slice(1)).get('key') ?? url.searchParams.get('api_key');
  url.searchParams.delete('api_key');
  const isPage = url.protocol.startsWith('http') && PAGES.has(url.pathname);
  const path = isPage || url.pathname === '/' ? STREAM_PATH : url.pathname;
  // What a page notes in its query is no selection.
  const query = isPage ? '' : url.search;
  return {
    feedUrl: `${scheme}//${url.host}${path}${query}`,
    key,
    local: LOOPBACK.includes(url.hostname),
  };
}
